import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids.ts';
import { SystemDb } from '../../platform/database/system-db.ts';

/** Who runs this installation. Asked at every request, so that one who was revoked is nobody at once. */
@Injectable()
export class SuperAdmins {
  constructor(private readonly system: SystemDb) {}

  async has(user: UserId): Promise<boolean> {
    const { rowCount } = await this.system.query({
      name: 'super_admins.has',
      text: 'select from private.super_admins where user_id = $1',
      values: [user],
    });
    return (rowCount ?? 0) > 0;
  }
}
