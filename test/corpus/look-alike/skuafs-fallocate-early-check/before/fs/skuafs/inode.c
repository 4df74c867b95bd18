// SPDX-License-Identifier: GPL-2.0
/*
 * skuafs inode size changes and range removal
 */
#include <linux/fs.h>
#include <linux/falloc.h>
#include <linux/pagemap.h>
#include <linux/mm.h>
#include "skuafs.h"
#include "journal.h"

static int skua_iomap_begin(struct inode *inode, loff_t pos, loff_t len,
			    unsigned int flags, struct iomap *iomap,
			    struct iomap *srcmap)
{
	struct skua_inode *si = SKUA_I(inode);
	int ret;

	mutex_lock(&si->map_lock);
	ret = skua_lookup_block(si, pos, len, iomap);
	mutex_unlock(&si->map_lock);
	return ret;
}

static const struct iomap_ops skua_iomap_ops = {
	.iomap_begin = skua_iomap_begin,
};

static int skua_read_folio(struct file *file, struct folio *folio)
{
	return iomap_read_folio(folio, &skua_iomap_ops);
}

static void skua_readahead(struct readahead_control *rac)
{
	iomap_readahead(rac, &skua_iomap_ops);
}

static int skua_drop_blocks(struct inode *inode, loff_t from, loff_t to)
{
	struct skua_inode *si = SKUA_I(inode);
	struct skua_trans *tr;
	int ret;

	tr = skua_journal_start(inode->i_sb, SKUA_TRANS_FREE);
	if (IS_ERR(tr))
		return PTR_ERR(tr);

	mutex_lock(&si->map_lock);
	ret = skua_unmap_blocks(tr, si, from, to);
	mutex_unlock(&si->map_lock);

	skua_journal_stop(tr);
	return ret;
}

static int skua_punch(struct inode *inode, loff_t offset, loff_t len)
{
	struct address_space *mapping = inode->i_mapping;
	loff_t end = offset + len - 1;
	int ret;

	ret = filemap_write_and_wait_range(mapping, offset, end);
	if (ret)
		return ret;

	filemap_invalidate_lock(mapping);
	truncate_pagecache_range(inode, offset, end);
	ret = skua_drop_blocks(inode, offset, end);
	filemap_invalidate_unlock(mapping);

	if (!ret)
		mark_inode_dirty(inode);
	return ret;
}

long skua_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	int ret;

	if (mode & ~(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if (!(mode & FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;

	inode_lock(inode);
	if (IS_IMMUTABLE(inode)) {
		ret = -EPERM;
		goto out;
	}
	if (!IS_ALIGNED(offset | len, i_blocksize(inode))) {
		ret = -EINVAL;
		goto out;
	}
	inode_dio_wait(inode);
	ret = file_modified(file);
	if (ret)
		goto out;
	ret = skua_punch(inode, offset, len);
out:
	inode_unlock(inode);
	return ret;
}

static int skua_mmap(struct file *file, struct vm_area_struct *vma)
{
	if ((vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE))
		return -EACCES;
	return generic_file_readonly_mmap(file, vma);
}

const struct address_space_operations skua_aops = {
	.read_folio	= skua_read_folio,
	.readahead	= skua_readahead,
	.release_folio	= iomap_release_folio,
	.invalidate_folio = iomap_invalidate_folio,
};

const struct file_operations skua_file_fops = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.mmap		= skua_mmap,
	.fallocate	= skua_fallocate,
};
