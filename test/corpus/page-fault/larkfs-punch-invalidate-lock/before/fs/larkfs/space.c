// SPDX-License-Identifier: GPL-2.0
/*
 * larkfs: space manipulation of regular files
 */
#include <linux/fs.h>
#include <linux/falloc.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include "larkfs.h"

struct lark_extent {
	struct list_head	link;
	loff_t			start;
	loff_t			len;
	sector_t		disk;
};

/* called with li->ext_sem held */
static struct lark_extent *lark_find_extent(struct lark_inode *li, loff_t pos)
{
	struct lark_extent *ex;

	list_for_each_entry(ex, &li->extents, link)
		if (pos >= ex->start && pos < ex->start + ex->len)
			return ex;
	return NULL;
}

static int lark_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	struct lark_inode *li = LARK_I(inode);
	loff_t pos = folio_pos(folio);
	struct lark_extent *ex;
	sector_t sector = 0;

	down_read(&li->ext_sem);
	ex = lark_find_extent(li, pos);
	if (ex)
		sector = ex->disk + ((pos - ex->start) >> SECTOR_SHIFT);
	up_read(&li->ext_sem);

	if (!sector) {
		folio_zero_segment(folio, 0, folio_size(folio));
		folio_end_read(folio, true);
		return 0;
	}
	return lark_submit_read(inode, folio, sector);
}

static void lark_free_range(struct inode *inode, loff_t start, loff_t end)
{
	struct lark_inode *li = LARK_I(inode);
	struct lark_extent *ex, *next;

	down_write(&li->ext_sem);
	list_for_each_entry_safe(ex, next, &li->extents, link) {
		if (ex->start < start || ex->start + ex->len > end)
			continue;
		list_del(&ex->link);
		lark_release_blocks(inode->i_sb, ex->disk, ex->len);
		kfree(ex);
	}
	up_write(&li->ext_sem);
}

static long lark_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	loff_t start = round_up(offset, LARK_EXTENT_SIZE);
	loff_t end = round_down(offset + len, LARK_EXTENT_SIZE);
	int err;

	err = filemap_write_and_wait_range(inode->i_mapping, offset,
					   offset + len - 1);
	if (err)
		return err;

	truncate_pagecache_range(inode, offset, offset + len - 1);
	if (start < end)
		lark_free_range(inode, start, end);

	inode_set_mtime_to_ts(inode, inode_set_ctime_current(inode));
	mark_inode_dirty(inode);
	return 0;
}

long lark_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	long err;

	if (mode != (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;

	inode_lock(inode);
	inode_dio_wait(inode);
	err = file_modified(file);
	if (!err)
		err = lark_punch_hole(inode, offset, len);
	inode_unlock(inode);
	return err;
}

static const struct vm_operations_struct lark_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
};

static int lark_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &lark_vm_ops;
	return 0;
}

const struct address_space_operations lark_aops = {
	.read_folio	= lark_read_folio,
	.dirty_folio	= filemap_dirty_folio,
};

const struct file_operations lark_file_ops = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.mmap		= lark_mmap,
	.fallocate	= lark_fallocate,
};
