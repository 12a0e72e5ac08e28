/** One IndexedDB with two drawers: drafts of forms, and what tasks were asked with. */

type Drawer = "drafts" | "requests";

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("kirin", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts");
      request.result.createObjectStore("requests");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function load<T>(drawer: Drawer, key: string): Promise<T | undefined> {
  const db = await open();
  return done(db.transaction(drawer).objectStore(drawer).get(key)) as Promise<T | undefined>;
}

export async function save(drawer: Drawer, key: string, value: unknown): Promise<void> {
  const db = await open();
  await done(db.transaction(drawer, "readwrite").objectStore(drawer).put(value, key));
}

export async function drop(drawer: Drawer, key: string): Promise<void> {
  const db = await open();
  await done(db.transaction(drawer, "readwrite").objectStore(drawer).delete(key));
}

/** Everything: for signing out on a machine that others use. */
export async function clearAll(): Promise<void> {
  const db = await open();
  const change = db.transaction(["drafts", "requests"], "readwrite");
  await Promise.all([
    done(change.objectStore("drafts").clear()),
    done(change.objectStore("requests").clear()),
  ]);
}
