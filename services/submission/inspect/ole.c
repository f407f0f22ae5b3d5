/*
 * ole.c: the compound files of older Office ([MS-CFB]): a small file system of
 * 512-byte or 4096-byte sectors. Only the names in its directory are read; they
 * tell documents, macros and encryption apart.
 */
#include <string.h>

#include "file.h"

enum { ENTRY = 128, NAME_MAX_BYTES = 64, DIRECTORY_SECTORS_MAX = 4096 };

struct ole {
	const struct file *file;
	size_t sector; /* bytes of one */
};

/* The place of sector number N in the file; 0 when it is outside. */
static size_t
sector_place(const struct ole *ole, uint32_t n)
{
	uint64_t at = ((uint64_t)n + 1) * ole->sector;

	return at + ole->sector > ole->file->size ? 0 : (size_t)at;
}

/* The sector after N, by the table whose first 109 sectors the header lists. */
static uint32_t
sector_next(const struct ole *ole, uint32_t n)
{
	size_t per_sector = ole->sector / 4, index = n / per_sector;

	if (index >= 109)
		return UINT32_MAX;
	size_t table = sector_place(ole, le32(ole->file->data + 76 + 4 * index));
	return table == 0 ? UINT32_MAX : le32(ole->file->data + table + 4 * (n % per_sector));
}

/* Compares the UTF-16 name of the entry at P with ASCII NAME. */
static bool
is_named(const uint8_t *p, const char *name)
{
	size_t n = strlen(name);

	if (le16(p + NAME_MAX_BYTES) != 2 * (n + 1))
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[2 * i] != (uint8_t)name[i] || p[2 * i + 1] != 0)
			return false;
	return true;
}

static void
entry_look(const uint8_t *p, struct report *report)
{
	if (is_named(p, "EncryptedPackage") || is_named(p, "EncryptionInfo"))
		report_add(report, VERDICT_REJECT, "encrypted",
		    "The file is locked with a password. Save a copy without one and upload that.");
	else if (is_named(p, "_VBA_PROJECT") || is_named(p, "_VBA_PROJECT_CUR") || is_named(p, "Macros") ||
	    is_named(p, "VBA"))
		report_add(report, VERDICT_REJECT, "macro",
		    "The document contains macros, which are small programs. Save it without macros or as "
		    "PDF.");
	else if (is_named(p, "WordDocument"))
		report->type = "doc";
	else if (is_named(p, "Workbook") || is_named(p, "Book"))
		report->type = "xls";
	else if (is_named(p, "PowerPoint Document"))
		report->type = "ppt";
	else if (is_named(p, "__properties_version1.0"))
		report->type = "msg";
}

void
look_at_ole(const struct file *file, struct report *report)
{
	struct ole ole = {file, 512};

	if (file->size < 1536) {
		report_corrupt(report);
		return;
	}
	uint32_t shift = le16(file->data + 30);
	ole.sector = shift == 12 ? 4096 : 512;
	uint32_t n = le32(file->data + 48);
	size_t place = 0;
	for (int i = 0; i < DIRECTORY_SECTORS_MAX && (place = sector_place(&ole, n)) != 0; i++) {
		for (size_t at = 0; at < ole.sector; at += ENTRY)
			entry_look(file->data + place + at, report);
		n = sector_next(&ole, n);
		/* 0xfffffffe ends the chain. */
		if (n >= 0xfffffffa)
			break;
	}
	if (place == 0)
		report_corrupt(report);
	else if (strcmp(report->type, "ole") == 0 && report->verdict != VERDICT_REJECT)
		report_add(report, VERDICT_REJECT, "unknown_type",
		    "The file is of a kind that is not known here. Save it as PDF and upload that.");
	else if (report->verdict == VERDICT_ACCEPT)
		report_add(report, VERDICT_WARN, "old_format",
		    "The document is in the format of Office before 2007, which not everybody can open. "
		    "Save it as PDF or in the present format.");
}
