// SPDX-License-Identifier: GPL-2.0
/*
 * ternfs inode size changes and range removal
 */
#include <linux/fs.h>
#include <linux/falloc.h>
#include <linux/pagemap.h>
#include <linux/mm.h>
#include "ternfs.h"
#include "journal.h"

static int tern_iomap_begin(struct inode *inode, loff_t pos, loff_t len,
			    unsigned int flags, struct iomap *iomap,
			    struct iomap *srcmap)
{
	struct tern_inode *ti = TERN_I(inode);
	int ret;

	mutex_lock(&ti->map_lock);
	ret = tern_lookup_block(ti, pos, len, iomap);
	mutex_unlock(&ti->map_lock);
	return ret;
}

static const struct iomap_ops tern_iomap_ops = {
	.iomap_begin = tern_iomap_begin,
};

static int tern_read_folio(struct file *file, struct folio *folio)
{
	return iomap_read_folio(folio, &tern_iomap_ops);
}

static void tern_readahead(struct readahead_control *rac)
{
	iomap_readahead(rac, &tern_iomap_ops);
}

static int tern_drop_blocks(struct inode *inode, loff_t from, loff_t to)
{
	struct tern_inode *ti = TERN_I(inode);
	struct tern_trans *tr;
	int ret;

	tr = tern_journal_start(inode->i_sb, TERN_TRANS_FREE);
	if (IS_ERR(tr))
		return PTR_ERR(tr);

	mutex_lock(&ti->map_lock);
	ret = tern_unmap_blocks(tr, ti, from, to);
	mutex_unlock(&ti->map_lock);

	tern_journal_stop(tr);
	return ret;
}

static int tern_punch(struct inode *inode, loff_t offset, loff_t len)
{
	struct address_space *mapping = inode->i_mapping;
	loff_t end = offset + len - 1;
	int ret;

	ret = filemap_write_and_wait_range(mapping, offset, end);
	if (ret)
		return ret;

	filemap_invalidate_lock(mapping);
	truncate_pagecache_range(inode, offset, end);
	ret = tern_drop_blocks(inode, offset, end);
	filemap_invalidate_unlock(mapping);

	if (!ret)
		mark_inode_dirty(inode);
	return ret;
}

long tern_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
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
	ret = tern_punch(inode, offset, len);
out:
	inode_unlock(inode);
	return ret;
}

static int tern_mmap(struct file *file, struct vm_area_struct *vma)
{
	if ((vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE))
		return -EACCES;
	return generic_file_readonly_mmap(file, vma);
}

const struct address_space_operations tern_aops = {
	.read_folio	= tern_read_folio,
	.readahead	= tern_readahead,
	.release_folio	= iomap_release_folio,
	.invalidate_folio = iomap_invalidate_folio,
};

const struct file_operations tern_file_fops = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.mmap		= tern_mmap,
	.fallocate	= tern_fallocate,
};
