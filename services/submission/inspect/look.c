/*
 * look.c: the whole look at a file: its kind, its name, what is inside, and
 * whether all of them say the same.
 */
#include <string.h>

#include "kinds.h"

/* Extensions that a name may have only with a file of that kind. */
static const char claims[] = "pdf png jpg jpeg jpe jfif gif webp zip 7z rar gz tgz bz2 xz tar doc xls ppt "
			     "docx xlsx pptx odt ods odp epub heic heif avif mov mp4 m4v m4a webm mkv wav "
			     "avi ogg flac tif tiff bmp rtf svg mp3";

/* A name that hides its end, or that no disk can keep (attack A8). */
static void
look_at_name(const struct file *file, struct report *report)
{
	const uint8_t *name = (const uint8_t *)file->name;
	size_t n = strlen(file->name);
	bool hides = false;

	for (size_t i = 0; i < n; i++) {
		/* U+202A to U+202E and U+2066 to U+2069 turn the direction of what follows. */
		bool bidi = i + 2 < n && name[i] == 0xe2 &&
		    ((name[i + 1] == 0x80 && name[i + 2] >= 0xaa && name[i + 2] <= 0xae) ||
			(name[i + 1] == 0x81 && name[i + 2] >= 0xa6 && name[i + 2] <= 0xa9));

		hides = hides || name[i] < 0x20 || name[i] == 0x7f || bidi;
	}
	if (hides || n > 255)
		report_add(report, VERDICT_WARN, "file_name",
		    "The name of the file has hidden characters or is too long. Give it a short, plain "
		    "name.");
	if (word_is_among(file->extension,
		"exe com scr bat cmd ps1 vbs vbe js jse wsf msi msp hta cpl jar apk app dll sys lnk reg sh "
		"bash command workflow pif gadget iso img dmg"))
		report_executable(report);
}

/* What the kind itself means, whatever is inside. */
static void
look_at_kind(const struct kind *kind, struct report *report)
{
	if (strcmp(kind->name, "empty") == 0)
		report_add(report, VERDICT_REJECT, "empty",
		    "The file is empty: nothing was saved or the upload broke off. Check your original and "
		    "upload it again.");
	else if (word_is_among(kind->name, "pe elf mach lnk dex shell php"))
		report_executable(report);
	else if (strcmp(kind->name, "html") == 0)
		report_add(report, VERDICT_REJECT, "active_content",
		    "The file is a web page, which can run scripts. Print it to a PDF and upload that, or "
		    "give a link to the page.");
	else if (word_is_among(kind->name, "heic avif tiff bmp"))
		report_add(report, VERDICT_WARN, "rare_format",
		    "Not every assessor's device can show this kind of picture. Export it as JPEG or PNG.");
	else if (word_is_among(kind->name, "7z rar gzip bzip2 xz zstd tar"))
		report_add(report, VERDICT_POLICY, "archive",
		    "The file is an archive. Upload the files in it one by one, unless this issuer accepts "
		    "archives.");
}

/* Two files in one: what one program shows is not what another one finds. */
static void
look_for_polyglot(const struct file *file, const struct kind *kind, struct report *report)
{
	const uint8_t *data = file->data;
	size_t size = file->size, head = size < 1024 ? size : 1024;
	size_t tail = size < 65557 ? size : 65557;
	bool is_picture = word_is_among(kind->name, "png jpeg gif webp bmp tiff");
	bool found = false;

	if (is_picture || word_is_among(kind->name, "pdf mp3 wav avi ogg flac rtf")) {
		/* Only a directory that ends where the file ends: an attachment inside is no second file. */
		const uint8_t *end = bytes_find(data + size - tail, tail, "PK\x05\x06", 4);
		size_t rest = end == NULL ? 0 : (size_t)(data + size - end);

		found = rest >= 22 && le16(end + 20) + 22 == rest &&
		    bytes_find(data, size, "PK\x03\x04", 4) != NULL;
	}
	if (is_picture)
		found = found || bytes_find(data, head, "%PDF-", 5) != NULL ||
		    bytes_find(data, head, "<script", 7) != NULL ||
		    bytes_find(data, head, "<?php", 5) != NULL || bytes_find(data, head, "<html", 5) != NULL;
	if (strcmp(kind->name, "pdf") == 0)
		found = found || bytes_begin(data, size, "<") || bytes_begin(data, size, "\x89PNG") ||
		    bytes_begin(data, size, "GIF8");
	if (found)
		report_add(report, VERDICT_REJECT, "polyglot",
		    "The file is two kinds of file in one, which hides something. Save it again from the "
		    "program you made it with.");
}

void
file_look(const struct file *file, struct report *report)
{
	const struct kind *kind = kind_of(file);

	report_begin(report, kind->name);
	look_at_name(file, report);
	look_at_kind(kind, report);
	if (kind->look != NULL && report->verdict != VERDICT_REJECT) {
		kind->look(file, report);
		look_for_polyglot(file, kind, report);
	}
	/* A look may have found a kind inside the kind: a document in a zip. */
	bool same = strcmp(report->type, kind->name) == 0;
	if ((report->verdict != VERDICT_REJECT || (kind->look == NULL && file->size > 0)) &&
	    word_is_among(file->extension, claims) &&
	    !word_is_among(file->extension, same ? kind->extensions : report->type))
		report_add(report, VERDICT_REJECT, "type_mismatch",
		    "The end of the file's name says one kind of file, but inside it is another. Save or "
		    "export it again in the kind that its name says.");
}
