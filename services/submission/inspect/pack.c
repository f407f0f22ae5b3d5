/*
 * pack.c: archives, by libarchive, and the documents that are zip archives
 * inside. Everything is unpacked once, into nothing: that counts the bytes,
 * checks the sums, and gives the parts of documents to document.c.
 */
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "document.h"
#include "file.h"

enum { BLOCK = 64 << 10 };

struct pack {
	const struct file *file;
	struct report *report;
	struct document document;
	uint64_t total; /* bytes unpacked */
	int64_t entries;
	bool is_zip, has_archive_inside, has_program_inside, is_broken;
};

static const char *
extension_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *dot = strrchr(slash == NULL ? name : slash, '.');

	return dot == NULL ? "" : dot + 1;
}

/* A name that would leave the folder where somebody unpacks the archive. */
static bool
leaves_folder(const char *name)
{
	const char *at = name;

	if (name[0] == '/' || name[0] == '\\' || (name[0] != '\0' && name[1] == ':') ||
	    strchr(name, '\\') != NULL)
		return true;
	while (*at != '\0') {
		size_t n = strcspn(at, "/");

		if (n == 2 && at[0] == '.' && at[1] == '.')
			return true;
		at += n + (at[n] == '/');
	}
	return false;
}

static void
entry_name_look(struct pack *pack, struct archive_entry *entry, const char *name)
{
	const char *extension = extension_of(name);

	if (archive_entry_filetype(entry) == AE_IFLNK || archive_entry_hardlink(entry) != NULL ||
	    leaves_folder(name))
		report_add(pack->report, VERDICT_REJECT, "path_traversal",
		    "The archive would write outside of its folder when it is unpacked. Upload the files "
		    "in it one by one.");
	if (archive_entry_is_encrypted(entry) == 1)
		report_add(pack->report, VERDICT_REJECT, "encrypted",
		    "The file is locked with a password. Save a copy without one and upload that.");
	pack->has_archive_inside = pack->has_archive_inside ||
	    word_is_among(extension, "zip jar 7z rar tar gz tgz bz2 xz zst cab arj lzh iso dmg");
	pack->has_program_inside = pack->has_program_inside ||
	    word_is_among(
		extension, "exe com scr bat cmd ps1 vbs vbe js jse wsf msi hta cpl jar apk dll lnk sh");
}

/* Unpacks one entry into nothing. Returns false when the archive is not worth reading on. */
static bool
entry_unpack(struct pack *pack, struct archive *archive, const char *name)
{
	static const char *const magics[] = {"PK\x03\x04", "7z\xbc\xaf", "Rar!", "\x1f\x8b\x08"};
	uint8_t *block = malloc(BLOCK);
	la_ssize_t n;
	bool first = true, has_part = pack->is_zip && document_part_begin(&pack->document, name);

	if (block == NULL)
		abort();
	while ((n = archive_read_data(archive, block, BLOCK)) > 0) {
		pack->total += (uint64_t)n;
		if (!expansion_is_sane(pack->file, pack->total))
			break;
		for (size_t i = 0; first && i < sizeof(magics) / sizeof(magics[0]); i++)
			if (n >= 4 && memcmp(block, magics[i], strlen(magics[i])) == 0 &&
			    !word_is_among(
				extension_of(name), "docx xlsx pptx docm odt ods odp epub pages key numbers"))
				pack->has_archive_inside = true;
		if (first && n > 64 && memcmp(block, "MZ", 2) == 0 && memchr(block, 0, 64) != NULL)
			pack->has_program_inside = true;
		first = false;
		if (has_part)
			document_part_feed(&pack->document, block, (size_t)n);
	}
	if (has_part)
		document_part_end(&pack->document, n == 0);
	free(block);
	if (n > 0) {
		report_bomb(pack->report);
		return false;
	}
	if (n < 0) {
		/* What is locked cannot be read, and is no damage. */
		pack->is_broken = !report_has(pack->report, "encrypted");
		return false;
	}
	return true;
}

static void
pack_read(struct pack *pack, struct archive *archive)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
		const char *name = archive_entry_pathname(entry);

		name = name == NULL ? "" : name;
		pack->entries++;
		if (pack->entries > PARTS_MAX)
			return;
		entry_name_look(pack, entry, name);
		if (archive_entry_filetype(entry) != AE_IFREG)
			continue;
		if (!entry_unpack(pack, archive, name))
			return;
	}
	pack->is_broken = pack->is_broken || (rc != ARCHIVE_EOF && !report_has(pack->report, "encrypted"));
}

/* What an archive that is no document has to fear. */
static void
archive_judge(struct pack *pack)
{
	struct report *report = pack->report;

	if (pack->entries > ENTRIES_MAX)
		report_add(report, VERDICT_REJECT, "too_many_entries",
		    "The archive has more than %d files. Choose the few that show your work, and upload "
		    "those.",
		    ENTRIES_MAX);
	if (pack->has_archive_inside)
		report_add(report, VERDICT_REJECT, "nested_archive",
		    "There is an archive inside the archive, which nobody opens. Upload the files in it "
		    "one by one.");
	if (pack->has_program_inside)
		report_add(report, VERDICT_REJECT, "executable",
		    "There is a program in the archive. Assessors cannot open programs: upload pictures, "
		    "PDFs or a video instead.");
	if (report->verdict < VERDICT_POLICY)
		report_add(report, VERDICT_POLICY, "archive",
		    "The file is an archive. Upload the files in it one by one, unless this issuer accepts "
		    "archives.");
}

static void
pack_look(const struct file *file, struct report *report, bool is_zip)
{
	struct pack pack = {.file = file, .report = report, .is_zip = is_zip};
	struct archive *archive = archive_read_new();

	if (archive == NULL)
		abort();
	document_open(&pack.document, report);
	if (is_zip) {
		/* By its directory at the end, as every program reads it: what is cut off has none. */
		archive_read_support_format_zip_seekable(archive);
	} else {
		archive_read_support_filter_gzip(archive);
		archive_read_support_filter_bzip2(archive);
		archive_read_support_filter_xz(archive);
		archive_read_support_filter_zstd(archive);
		archive_read_support_format_tar(archive);
		archive_read_support_format_7zip(archive);
		archive_read_support_format_rar(archive);
		archive_read_support_format_rar5(archive);
		archive_read_support_format_raw(archive);
	}
	if (archive_read_open_memory(archive, file->data, file->size) == ARCHIVE_OK)
		pack_read(&pack, archive);
	else
		pack.is_broken = true;
	report->entries = pack.entries;
	if (pack.is_broken)
		report_corrupt(report);
	if (!is_zip || !document_judge(&pack.document))
		archive_judge(&pack);
	archive_read_free(archive);
}

void
look_at_zip(const struct file *file, struct report *report)
{
	pack_look(file, report, true);
}

void
look_at_archive(const struct file *file, struct report *report)
{
	pack_look(file, report, false);
}
