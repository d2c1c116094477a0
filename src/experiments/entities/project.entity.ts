import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { identity } from './bigint-id.js';

/** What experiments belong to, and what access is granted on. Its name is unique. */
@Entity('projects')
@Unique('projects_name_key', ['name'])
export class Project {
  @PrimaryColumn(identity('projects_pkey'))
  id!: number;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', default: '' })
  description!: string;

  @Column({ type: 'boolean', default: false })
  archived!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
