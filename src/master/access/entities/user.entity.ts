import { Column, Entity, PrimaryColumn } from 'typeorm';
import { IDENTITY } from './bigint-id.js';

/** Somebody, or something, that sends requests. No two names are alike but for upper and lower case. */
@Entity('users')
export class User {
  @PrimaryColumn(IDENTITY)
  id!: number;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'boolean' })
  administrator!: boolean;

  /** An inactive user's tokens and password are refused. */
  @Column({ type: 'boolean' })
  active!: boolean;

  /** As `hashPassword` writes it; null: no sign-in by password. */
  @Column({ name: 'password_hash', type: 'text', nullable: true })
  passwordHash!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
