import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What this host calls an experiment. */
@Entity({ name: 'studies', schema: 'lab' })
export class Study {
  @PrimaryGeneratedColumn({ name: 'study_no', type: 'integer' })
  number!: number;

  @Column({ type: 'text' })
  topic!: string;
}
