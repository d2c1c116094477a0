import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID, IDENTITY } from './bigint-id.js';

/** A user's token; the token itself is nowhere kept. */
@Entity('user_tokens')
export class UserToken {
  @PrimaryColumn(IDENTITY)
  id!: number;

  @Column({ ...ID, name: 'user_id' })
  userId!: number;

  /** What it is for, in the words of whoever made it. */
  @Column({ type: 'text' })
  name!: string;

  /** SHA-256 of the token. */
  @Column({ type: 'bytea', select: false })
  hash!: Buffer;

  /** How the token begins, to tell one from another. */
  @Column({ type: 'text' })
  prefix!: string;

  /** Made by a sign-in with a password. */
  @Column({ type: 'boolean' })
  session!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Kept to the minute. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
