// Explore without a new page: the same address is asked for with X-Part, and what changes is swapped. What is
// chosen stands in the address; without this script the forms and links do the same.
const part = (id: string) => document.getElementById(id)!;
const status = () => part("found")?.textContent;
const here = () => location.pathname + location.search;
let running: AbortController | undefined, shown = here();

/** An address of a form as it stands, without what is empty. */
function addressOf(form: HTMLFormElement) {
	const query = new URLSearchParams();

	for (const [name, value] of new FormData(form))
		if (value !== "")
			query.append(name, String(value));
	return query.size > 0 ? `/explore?${query}` : "/explore";
}

function swap(html: string) {
	const focused = document.activeElement as HTMLInputElement | null, inFacets = focused?.closest("#facets");
	const open = [...document.querySelectorAll<HTMLElement>("[data-keep][open]")].map((e) => e.dataset.keep);
	const made = new DOMParser().parseFromString(html, "text/html");

	for (const id of ["facets", "results"])
		part(id).replaceWith(made.getElementById(id)!);
	part("facets").classList.add("auto");
	for (const e of document.querySelectorAll<HTMLDetailsElement>("[data-keep]"))
		e.open = open.includes(e.dataset.keep);
	if (inFacets && focused)
		document.querySelector<HTMLElement>(`#facets [name="${focused.name}"][value="${CSS.escape(focused.value)}"]`)?.focus();
	else
		part("results").focus({ preventScroll: true });
}

async function go(url: string, push: boolean) {
	const explore = document.querySelector(".explore")!;

	running?.abort();
	running = new AbortController();
	explore.setAttribute("aria-busy", "true");
	try {
		const answer = await fetch(url, { headers: { "X-Part": "results", Accept: "text/html" }, signal: running.signal });

		if (!answer.ok)
			throw new Error(String(answer.status));
		swap(await answer.text());
		if (push)
			history.pushState(null, "", url);
		shown = here();
		document.title = document.title.replace(/^.*(?= · )/, status() ?? "");
	} catch (e) {
		if ((e as Error).name === "AbortError")
			return;
		location.assign(url);
	}
	explore.removeAttribute("aria-busy");
}

if (document.getElementById("facets")) {
	part("facets").classList.add("auto");
	document.addEventListener("change", (e) => {
		const form = (e.target as HTMLElement).closest<HTMLFormElement>("#facets");

		if (form)
			go(addressOf(form), true);
	});
	document.addEventListener("submit", (e) => {
		const form = e.target as HTMLFormElement;

		if (form.id !== "facets")
			return;
		e.preventDefault();
		(part("filters") as HTMLElement & { hidePopover?: () => void }).hidePopover?.();
		go(addressOf(form), true);
	});
	document.addEventListener("click", (e) => {
		const link = (e.target as HTMLElement).closest<HTMLAnchorElement>("a[data-part]");

		if (!link || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey)
			return;
		e.preventDefault();
		if (link.rel === "next")
			scrollTo({ top: 0 });
		go(link.pathname + link.search, true);
	});
	// A link to a place within the page comes by here too.
	addEventListener("popstate", () => here() !== shown && go(here(), false));
}
