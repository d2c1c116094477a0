import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A trial for tests of a host that has none of its own at hand. */
@Entity('test_trials')
export class TestTrial {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'text', nullable: true })
  name!: string | null;
}
