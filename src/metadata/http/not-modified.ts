/** Ends a request whose client has the answer already. Thrown, since Nest gives every answer that is returned its own status. */
export class NotModified extends Error {
  constructor(readonly entityTag: string) {
    super('Not modified');
    this.name = 'NotModified';
  }
}
