/** Who sends a request, as the bearer guard leaves it at `request.user`. */
export interface MasterUser {
  /** What histories and `updatedBy` show. */
  readonly name: string;
  /** May do everything in every project. */
  readonly administrator: boolean;
}
