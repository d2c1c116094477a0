/** The tables that a view may be of, as the page names them. */
export const VIEW_TABLES = ['trials', 'experiments'] as const;

export type ViewTable = (typeof VIEW_TABLES)[number];

/** A search that a project keeps under a name, for everybody who may see the project. */
export interface ProjectView {
  readonly id: number;
  readonly projectId: number;
  readonly table: ViewTable;
  readonly name: string;
  /** A JSON object as text, since JavaScript's numbers would round the operands of its filter. */
  readonly search: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Who wrote it last, in the words of the host; null when the host has no word for it. */
  readonly updatedBy: string | null;
}
