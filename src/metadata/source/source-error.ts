/** What a host says of its entities cannot be used; one line. */
export function sourceError(place: string, message: string): Error {
  return new Error(`MetadataModule: source.${place}: ${message}`);
}
