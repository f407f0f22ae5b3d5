// The page of a draft, as somebody who writes sees it.
import { arrive } from "./stops.mjs";

export const box = (page, part) => page.locator(`#text-${part}`);

/* What the page says of saving, beside the text that stands in the box, in one look. */
export function look(page, part) {
	return page.evaluate((id) => ({
		text: document.getElementById(id).value,
		state: document.querySelector(".savestate > span").textContent.trim(),
		isSaved: document.querySelector(".savestate > span:first-child .saved") !== null,
	}), `text-${part}`);
}

/* What this device keeps of a part that the server does not have; "" without any. */
export function journaled(page, part) {
	return page.evaluate((field) => new Promise((resolve, reject) => {
		const opening = indexedDB.open("vouch-journal");

		opening.onerror = () => reject(opening.error);
		opening.onsuccess = () => {
			const store = opening.result.transaction("entries").objectStore("entries"), all = store.getAllKeys();

			all.onsuccess = () => {
				const key = all.result.find((k) => String(k).endsWith(`/${field}`));

				if (key === undefined) {
					opening.result.close();
					resolve("");
					return;
				}
				store.get(key).onsuccess = (e) => {
					opening.result.close();
					resolve(e.target.result.mine);
				};
			};
		};
	}), `text.${part}`);
}

/* The page shows that everything is at the server. */
export async function saved(page) {
	await page.locator(".savestate > span:first-child .saved").waitFor({ timeout: 60_000 });
}

/* At the end of what is written already: people go on where they stopped. */
export async function goOn(page, part) {
	await box(page, part).focus();
	await page.keyboard.press("Control+End");
}

export async function openDraft(context, id) {
	const page = await context.newPage();

	await page.goto(`/drafts/${id}`);
	await arrive(page);
	await box(page, "overview").waitFor();
	return page;
}
