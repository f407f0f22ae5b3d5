// Live changes: one stream for each tab (GET /api/v1/events). What was missed while
// it was away is not trusted to come: whoever listens is told to fetch again.
import { PREFIX } from "./api";

export interface Notice {
	id: string;
	[field: string]: unknown;
}
type Listener = (notice: Notice | null) => void; // null: fetch again

const FIRST_MS = 1_000, LONGEST_MS = 60_000;
const listeners = new Set<Listener>();
let source: EventSource | null = null, timer: ReturnType<typeof setTimeout> | undefined, wait = FIRST_MS, wasOpen = false;

function tell(notice: Notice | null): void {
	for (const listener of [...listeners])
		listener(notice);
}

function open(): void {
	timer = undefined;
	source = new EventSource(`${PREFIX}/events`);
	source.addEventListener("open", () => {
		wait = FIRST_MS;
		if (wasOpen)
			tell(null);
		wasOpen = true;
	});
	source.addEventListener("notification", (e) => {
		try {
			tell(JSON.parse((e as MessageEvent<string>).data) as Notice);
		} catch {
			tell(null);
		}
	});
	source.addEventListener("error", () => {
		// The browser tries again by itself, unless the server refused: then it gives up.
		if (source?.readyState !== EventSource.CLOSED)
			return;
		source = null;
		timer = setTimeout(open, wait * (0.5 + Math.random()));
		wait = Math.min(wait * 2, LONGEST_MS);
	});
}

/* Hears of changes until the function that it returns is called. */
export function listen(listener: Listener): () => void {
	listeners.add(listener);
	if (source === null && timer === undefined)
		open();
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0)
			return;
		source?.close();
		source = null;
		clearTimeout(timer);
		timer = undefined;
		wasOpen = false;
	};
}
