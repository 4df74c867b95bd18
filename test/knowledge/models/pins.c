// The lockless pin of a device page looks at the entry again after it has the reference.
// simulate: pin_blindly huge_entry_truncation
// simulate: pin_and_look huge_entry_truncation
#include <linux/mm.h>

int pin_blindly(pmd_t orig, pmd_t *pmdp, struct page **pages, int *nr)
{
	if (!__gup_device_huge(pmd_pfn(orig), 0, 0, pages, nr))
		return 0;
	return 1;
}

int pin_and_look(pmd_t orig, pmd_t *pmdp, struct page **pages, int *nr)
{
	int start = *nr;

	if (!__gup_device_huge(pmd_pfn(orig), 0, 0, pages, nr))
		return 0;
	if (pmd_val(orig) != pmd_val(*pmdp)) {
		undo_dev_pagemap(nr, start, pages);
		return 0;
	}
	return 1;
}
