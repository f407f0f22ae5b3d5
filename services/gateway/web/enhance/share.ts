// <button data-share>: hands the address of the page to whatever the device shares with, or copies it.
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-share]")) {
	const url = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
	const words = button.querySelector("span")!, label = words.textContent;

	const nav: Partial<Pick<Navigator, "share" | "clipboard">> = navigator;

	if (nav.share === undefined && nav.clipboard === undefined)
		continue;
	words.setAttribute("role", "status");
	button.hidden = false;
	button.addEventListener("click", async () => {
		try {
			if (navigator.share)
				return await navigator.share({ title: document.title, url });
			await navigator.clipboard.writeText(url);
			words.textContent = button.dataset.done ?? "";
			setTimeout(() => (words.textContent = label), 6000);
		} catch {
			// Whoever closes the sheet of the device wants nothing more.
		}
	});
}
