/**
 * A user for the host's own code: given to the service in the place of a user, it may do anything, and `name` is the
 * author of what it does. No request can bring one.
 */
export class TrustedUser {
  constructor(readonly name: string | null = null) {}
}
