import { setTimeout as sleep } from "node:timers/promises";
import type { StoreItem } from "@microsoft/agents-hosting";
import { changeItem } from "../../bot/change-item";
import { Deadline, until } from "../../bot/deadline";
import { MemoryStorage } from "./support/memory-storage";

const read = (item: StoreItem | undefined): { by: string[] } => ({
  by: (item as { by?: string[] } | undefined)?.by ?? [],
});
const add =
  (name: string) =>
  (record: { by: string[] }): { record: { by: string[] }; found: number } => ({
    record: { by: [...record.by, name] },
    found: record.by.length,
  });

/** A storage as far away as another region: each request takes some milliseconds. */
class SlowStorage extends MemoryStorage {
  writes = 0;
  milliseconds = 5;

  override async read(keys: string[]): Promise<StoreItem> {
    await sleep(this.milliseconds);
    return super.read(keys);
  }

  override async write(changes: StoreItem): Promise<void> {
    this.writes++;
    await sleep(this.milliseconds);
    return super.write(changes);
  }
}

test("twelve requests of one user at once, five times, over three instances: 0 of 180 fail, and none is lost", async () => {
  const { items } = new MemoryStorage();
  const instances = [1, 2, 3].map(() => new SlowStorage(items));
  for (let round = 0; round < 5; round++) {
    const changes = instances.flatMap((storage, instance) =>
      Array.from({ length: 12 }, (_, at) => changeItem(storage, "item", read, add(`${round}-${instance}-${at}`))),
    );
    expect((await Promise.allSettled(changes)).filter(({ status }) => status === "rejected")).toEqual([]);
  }
  const { item } = (await instances[0]?.read(["item"])) as { item: { by: string[] } };
  expect(new Set(item.by).size).toBe(180);
});

test("changes that wait at the same time are one write, and each finds what the one before it left", async () => {
  const storage = new SlowStorage();
  const first = changeItem(storage, "item", read, add("first"));
  const others = ["a", "b", "c"].map((name) => changeItem(storage, "item", read, add(name)));
  expect(await Promise.all([first, ...others])).toEqual([0, 1, 2, 3]);
  expect(storage.writes).toBe(2);
});

test("a turn whose time ends while the state is slow does not wait for it, and its change is not made later", async () => {
  const storage = new SlowStorage();
  storage.milliseconds = 100;
  const first = changeItem(storage, "item", read, add("first"));
  const late = until(new Deadline(20), () => changeItem(storage, "item", read, add("late")));
  await expect(late).rejects.toMatchObject({ code: "turn-out-of-time" });
  await first;
  await changeItem(storage, "item", read, add("after"));
  expect((await storage.read(["item"])).item).toMatchObject({ by: ["first", "after"] });
});

test("a state that fails tells every change that waited, and the next one is tried again", async () => {
  const storage = new SlowStorage();
  const broken = new Error("the storage is away");
  storage.meanwhile = () => Promise.reject(broken);
  await expect(changeItem(storage, "item", read, add("lost"))).rejects.toBe(broken);
  expect(await changeItem(storage, "item", read, add("next"))).toBe(0);
});
