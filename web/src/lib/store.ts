/** One IndexedDB with what is in forms and on the easel, by the model that it is for. */

const DRAFTS = "drafts";
const VERSION = 2;

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("kirin", VERSION);
    request.onupgradeneeded = () => {
      // What earlier versions kept is of another form.
      for (const old of request.result.objectStoreNames) request.result.deleteObjectStore(old);
      request.result.createObjectStore(DRAFTS);
    };
    request.onsuccess = () => {
      // Another tab may have a newer page, which waits for this.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    // A tab with an older page holds it: forms work without, until that tab is closed.
    request.onblocked = () => reject(new Error("another tab is older"));
  });
  return opening;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function load<T>(key: string): Promise<T | undefined> {
  const db = await open();
  return done(db.transaction(DRAFTS).objectStore(DRAFTS).get(key)) as Promise<T | undefined>;
}

export async function save(key: string, value: unknown): Promise<void> {
  const db = await open();
  await done(db.transaction(DRAFTS, "readwrite").objectStore(DRAFTS).put(value, key));
}
