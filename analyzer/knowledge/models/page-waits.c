/*
 * Waiting for a page: mm/filemap.c, include/linux/pagemap.h, mm/page-writeback.c. Waiting until a page is unlocked is taking its lock
 * and giving it up at once: whoever holds it and cannot go on blocks both alike.
 */

void wait_on_page_locked(struct page *page)
{
	lock_page(page);
	unlock_page(page);
}

void folio_wait_locked(struct page *folio)
{
	lock_page(folio);
	unlock_page(folio);
}

int wait_on_page_locked_killable(struct page *page)
{
	int ret = folio_lock_killable(page);

	if (!ret)
		unlock_page(page);
	return ret;
}

int folio_wait_locked_killable(struct page *folio)
{
	int ret = folio_lock_killable(folio);

	if (!ret)
		unlock_page(folio);
	return ret;
}

/* mm/page-writeback.c: folio_wait_writeback() */
void wait_on_page_writeback(struct page *page)
{
	wait_event(page->__written, !PageWriteback(page));
}

void folio_wait_writeback(struct page *folio)
{
	wait_event(folio->__written, !PageWriteback(folio));
}

int folio_wait_writeback_killable(struct page *folio)
{
	return wait_event_killable(folio->__written, !PageWriteback(folio));
}

/* mm/page-writeback.c: only where the backing device needs stable pages. */
void folio_wait_stable(struct page *folio)
{
	wait_event(folio->__written, !PageWriteback(folio));
}

void wait_for_stable_page(struct page *page)
{
	wait_event(page->__written, !PageWriteback(page));
}

/* mm/filemap.c: folio_end_writeback() */
void end_page_writeback(struct page *page)
{
	TestClearPageWriteback(page);
	wake_up_all(&page->__written);
}

void folio_end_writeback(struct page *folio)
{
	TestClearPageWriteback(folio);
	wake_up_all(&folio->__written);
}
