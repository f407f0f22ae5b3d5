// What was written and is not at the server yet, kept on this device (IndexedDB):
// it outlives the tab, the browser and the network. An entry is there until the
// server has answered that it has the text.

export interface Entry {
	mine: string;
	base: string;
	version: number;
	at: number; // ms
}

const NAME = "vouch-journal", STORE = "entries";

function opened(): Promise<IDBDatabase> {
	return new Promise((resolve, reject) => {
		const request = indexedDB.open(NAME, 1);

		request.onupgradeneeded = () => request.result.createObjectStore(STORE);
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
		request.onblocked = () => reject(new Error("blocked"));
	});
}

/*
 * The journal of one record ("draft/ACCOUNT/ID"). Writes of a field that come while
 * an earlier one is under way are gathered: the newest counts.
 */
export class Journal {
	readonly #place: string;
	readonly #waiting = new Map<string, Entry | null>(); // null: take it out
	readonly #db: Promise<IDBDatabase>;
	readonly #broken: () => void;
	#writing: Promise<void> | null = null;

	/* BROKEN is called when this device keeps nothing: a person has to know. */
	constructor(place: string, broken: () => void) {
		this.#place = place;
		this.#broken = broken;
		this.#db = opened();
		this.#db.catch(broken);
	}

	keep(field: string, entry: Entry): void {
		this.#waiting.set(field, entry);
		this.#write();
	}

	forget(field: string): void {
		this.#waiting.set(field, null);
		this.#write();
	}

	/* When all that was given so far is on the device. */
	async settled(): Promise<void> {
		while (this.#writing !== null)
			await this.#writing;
	}

	async all(): Promise<{ [field: string]: Entry }> {
		const found: { [field: string]: Entry } = {}, prefix = `${this.#place}/`;

		try {
			const store = (await this.#db).transaction(STORE).objectStore(STORE);
			const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
			const [keys, values] = await Promise.all([result(store.getAllKeys(range)), result(store.getAll(range))]);

			keys.forEach((key, i) => {
				found[String(key).slice(prefix.length)] = values[i] as Entry;
			});
		} catch {
			this.#broken();
		}
		return found;
	}

	#write(): void {
		this.#writing ??= this.#drain().catch(this.#broken).finally(() => {
			this.#writing = null;
			if (this.#waiting.size > 0)
				this.#write();
		});
	}

	async #drain(): Promise<void> {
		const db = await this.#db, batch = [...this.#waiting];

		this.#waiting.clear();
		await new Promise<void>((resolve, reject) => {
			const transaction = db.transaction(STORE, "readwrite", { durability: "relaxed" });
			const store = transaction.objectStore(STORE);

			for (const [field, entry] of batch)
				if (entry === null)
					store.delete(`${this.#place}/${field}`);
				else
					store.put(entry, `${this.#place}/${field}`);
			transaction.oncomplete = () => resolve();
			transaction.onabort = transaction.onerror = () => reject(transaction.error);
		});
	}
}

function result<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}
