import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { sqlStateOf, UNIQUE_VIOLATION } from '../../../metadata/index.js';
import { UserNameTakenError, UserNotFoundError } from '../access.errors.js';
import type { ChangeUser, CreateUser } from '../dto/bodies.js';
import { User } from '../entities/user.entity.js';
import { UserToken } from '../entities/user-token.entity.js';
import { RESERVED_NAMES } from '../master-user.js';
import { hashPassword } from '../sign-in/password.js';
import { TokenCache } from '../sign-in/token-cache.js';

/** Use cases of users, for administrators. */
@Injectable()
export class UsersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cache: TokenCache,
  ) {}

  /** @throws UserNameTakenError */
  async create({ name, administrator = false, password }: CreateUser): Promise<User> {
    mustBeFree(name);
    const users = this.dataSource.getRepository(User);
    const user = users.create({
      name,
      administrator,
      active: true,
      passwordHash: password === undefined ? null : await hashPassword(password),
      createdAt: new Date(),
    });
    return await orNameTaken(name, () => users.save(user));
  }

  /** In the order of their ids, from the first after `afterId`. */
  async list(afterId: number, limit: number): Promise<readonly User[]> {
    return await this.dataSource
      .getRepository(User)
      .find({ where: { id: MoreThan(afterId) }, order: { id: 'ASC' }, take: limit });
  }

  /** @throws UserNotFoundError */
  async get(id: number): Promise<User> {
    const user = await this.dataSource.getRepository(User).findOneBy({ id });
    if (user === null) throw new UserNotFoundError(id);
    return user;
  }

  /** A change of the password ends what was signed in with the old one. @throws UserNotFoundError, UserNameTakenError */
  async change(id: number, { name, administrator, active, password }: ChangeUser): Promise<User> {
    if (name !== undefined) mustBeFree(name);
    const hash = typeof password === 'string' ? await hashPassword(password) : password;
    const changed = await orNameTaken(name ?? '', () =>
      this.dataSource.transaction(async (manager) => {
        const user = await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
        if (user === null) throw new UserNotFoundError(id);
        user.name = name ?? user.name;
        user.administrator = administrator ?? user.administrator;
        user.active = active ?? user.active;
        if (hash !== undefined) {
          user.passwordHash = hash;
          await manager.update(
            UserToken,
            { userId: id, session: true, revokedAt: IsNull() },
            { revokedAt: new Date() },
          );
        }
        return await manager.save(user);
      }),
    );
    this.cache.clear();
    return changed;
  }

  /** Deletes the user with his tokens and roles; what he did keeps his name. @throws UserNotFoundError */
  async delete(id: number): Promise<void> {
    const { affected } = await this.dataSource.getRepository(User).delete({ id });
    this.cache.clear();
    if (affected === 0) throw new UserNotFoundError(id);
  }
}

function mustBeFree(name: string): void {
  if (RESERVED_NAMES.includes(name.toLowerCase())) throw new UserNameTakenError(name);
}

async function orNameTaken<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (sqlStateOf(error) === UNIQUE_VIOLATION) throw new UserNameTakenError(name);
    throw error;
  }
}
