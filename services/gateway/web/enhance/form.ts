// Forms of pages: <form data-api="/api/v1/..." data-verb="POST">. The fields go to the API as JSON; what it
// refuses is shown beside its field and, once more, in a summary that takes the focus. The server alone
// decides. All words come with the form, from the catalogue (form.h).
type Refusal = { detail?: string; errors?: { field: string; rule: string; message: string }[] };

const SESSIONS = "/api/v1/sessions";
const byId = (id: string) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get("token");

const bodyOf = (form: HTMLFormElement) => Object.fromEntries([...new FormData(form)].filter(([, v]) => v !== ""));

/** What the form says of a field and a rule, or of a status; else what the server said. */
const wordsOf = (form: HTMLElement, of: string | number, fallback?: string) =>
	form.getAttribute(`data-e-${of}`) ?? fallback ?? form.dataset.title ?? "";

function make(tag: string, of: string, text = "") {
	const made = document.createElement(tag);

	made.className = of;
	made.textContent = text;
	return made;
}

function clear(form: HTMLFormElement) {
	form.querySelectorAll(".summary, .errmsg").forEach((e) => e.remove());
	for (const field of form.querySelectorAll(".err")) {
		const input = field.querySelector("input, textarea")!, hint = byId(`${input.id}-hint`);

		field.classList.remove("err");
		input.removeAttribute("aria-invalid");
		hint ? input.setAttribute("aria-describedby", hint.id) : input.removeAttribute("aria-describedby");
	}
}

function mark(form: HTMLFormElement, name: string, text: string) {
	const input = form.elements.namedItem(name);

	if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) || input.type === "hidden")
		return false;
	const words = make("p", "errmsg");

	words.id = `${name}-error`;
	words.append(make("span", "vh", `${form.dataset.error} `), text);
	input.before(words);
	input.parentElement!.classList.add("err");
	input.setAttribute("aria-invalid", "true");
	input.setAttribute("aria-describedby", `${words.id} ${input.getAttribute("aria-describedby") ?? ""}`.trim());
	return true;
}

function refuse(form: HTMLFormElement, status: number, said: Refusal) {
	const summary = make("div", "note bad summary"), inner = make("div", ""), list = make("ul", "");
	const errors = said.errors?.length ? said.errors : [{ field: "", rule: "", message: wordsOf(form, status, said.detail) }];

	for (const { field, rule, message } of errors) {
		const text = field ? wordsOf(form, `${field}-${rule}`, message) : message, item = make("li", "");

		if (field && mark(form, field, text)) {
			const link = make("a", "", text) as HTMLAnchorElement;

			link.href = `#${field}`;
			link.onclick = (e) => {
				e.preventDefault();
				byId(field)?.focus();
			};
			item.append(link);
		} else {
			item.textContent = text;
		}
		list.append(item);
	}
	summary.tabIndex = -1;
	summary.setAttribute("role", "alert");
	inner.append(make("h2", "", form.dataset.title), list);
	summary.append(make("span", ""), inner);
	form.prepend(summary);
	summary.focus();
}

async function send(form: HTMLFormElement, api: string, verb: string, body: object) {
	const headers: Record<string, string> = { "Content-Type": "application/json", Accept: "application/json" };

	// The same form sent twice is one request: the key stays with what was written.
	if (form.dataset.key !== undefined)
		headers["Idempotency-Key"] = form.dataset.key ||= [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16)).join("");
	try {
		const answer = await fetch(api, {
			method: verb, headers,
			body: verb === "DELETE" ? undefined : JSON.stringify(body),
		});

		const said = await answer.json().catch(() => ({}));

		if (answer.ok)
			return said;
		// What was to be made is there already: it is named.
		if (answer.status === 409 && said.current?.id)
			return said.current;
		if (answer.status === 401 && api !== SESSIONS)
			location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`);
		refuse(form, answer.status, said);
	} catch {
		refuse(form, 0, {});
	}
	return null;
}

async function submit(form: HTMLFormElement) {
	const button = form.querySelector("button")!, label = button.textContent;
	const { api = "", verb = "POST", then, next, done, busy = "" } = form.dataset;

	if (button.getAttribute("aria-busy"))
		return;
	clear(form);
	button.style.minWidth = `${button.offsetWidth}px`;
	button.setAttribute("aria-busy", "true");
	button.textContent = busy;
	const body = bodyOf(form) as Record<string, string>;
	const { email = "", password = "" } = body, made = await send(form, api, verb, body);

	if (made && (!then || await send(form, then, "POST", { email, password }))) {
		if (next)
			return location.assign(next.replace("{id}", encodeURIComponent(made.id)));
		form.hidden = true;
		if (done && byId(done)) {
			byId(done)!.hidden = false;
			byId(done)!.focus();
		}
	}
	button.removeAttribute("aria-busy");
	button.style.minWidth = "";
	button.textContent = label;
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-api]")) {
	const set = (name: string, value: string | null) => {
		const input = form.elements.namedItem(name);

		if (input instanceof HTMLInputElement && value)
			input.value = value;
	};

	set("token", token);
	set("timeZone", Intl.DateTimeFormat().resolvedOptions().timeZone);
	if (form.dataset.token !== undefined)
		form.hidden = !token;
	if (form.dataset.tokenless !== undefined)
		form.hidden = !!token;
	form.addEventListener("input", () => form.dataset.key && (form.dataset.key = ""));
	form.addEventListener("submit", (e) => {
		e.preventDefault();
		submit(form);
	});
}
