import { once } from "node:events";
import { connect } from "node:net";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded.ts";

/** The embedded database, used through a PostgreSQL client. */
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let database: EmbeddedPostgres;
beforeAll(async () => {
  database = await startEmbeddedPostgres();
});
afterAll(() => database.close());

test("concurrent transactions are isolated from each other", async () => {
  const sql = postgres(database.url(), { max: 8, onnotice: () => {} });
  await sql`create table counter (n int)`;
  await sql`insert into counter values (0)`;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      sql.begin(async (tx) => {
        const [row] = await tx<{ n: number }[]>`select n from counter`;
        await pause(2);
        await tx`update counter set n = ${row!.n + 1}`;
      }),
    ),
  );
  expect(await sql`select n from counter`).toMatchObject([{ n: 20 }]);
  await sql.end();
});

test("the transaction of a lost connection is rolled back and releases its locks", async () => {
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  await sql`create table kept (n int)`;
  const socket = connect(database.port, "127.0.0.1");
  const startup = Buffer.from("user\0postgres\0database\0postgres\0\0");
  const head = Buffer.alloc(8);
  head.writeInt32BE(startup.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  const query = (text: string) => {
    const body = Buffer.from(`${text}\0`);
    const message = Buffer.alloc(5);
    message.write("Q");
    message.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([message, body]);
  };
  socket.write(Buffer.concat([head, startup]));
  await once(socket, "data");
  socket.write(query("begin"));
  await once(socket, "data");
  socket.write(query("insert into kept values (1)"));
  await once(socket, "data");
  socket.destroy();
  expect(await sql`select count(*)::int as n from kept`).toMatchObject([{ n: 0 }]);
  await sql.end();
});

test("COPY is refused, and the connection stays usable", async () => {
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  await sql`create table copied (n int)`;
  await expect(sql.unsafe("copy copied from stdin")).rejects.toThrow(/copy/i);
  expect(await sql`select 1 as n`).toMatchObject([{ n: 1 }]);
  await sql.end();
});
