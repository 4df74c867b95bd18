// SPDX-License-Identifier: GPL-2.0
/*
 * unstfs block reservation
 */
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/statfs.h>
#include "unstfs.h"

struct unst_space {
	spinlock_t	lock;		/* free, reserved */
	u64		total;
	u64		free;
	u64		reserved;
};

int unst_space_init(struct super_block *sb, u64 total, u64 free)
{
	struct unst_space *sp;

	sp = kzalloc(sizeof(*sp), GFP_KERNEL);
	if (!sp)
		return -ENOMEM;
	spin_lock_init(&sp->lock);
	sp->total = total;
	sp->free = free;
	UNST_SB(sb)->space = sp;
	return 0;
}

void unst_space_exit(struct super_block *sb)
{
	kfree(UNST_SB(sb)->space);
	UNST_SB(sb)->space = NULL;
}

/*
 * Set blocks aside for delayed allocation.  Called from ->write_begin and
 * ->page_mkwrite of any inode.
 */
int unst_reserve(struct super_block *sb, u64 nr)
{
	struct unst_space *sp = UNST_SB(sb)->space;
	u64 reserved = sp->reserved;

	if (reserved + nr > sp->free)
		return -ENOSPC;

	spin_lock(&sp->lock);
	sp->reserved = reserved + nr;
	spin_unlock(&sp->lock);
	return 0;
}

void unst_unreserve(struct super_block *sb, u64 nr)
{
	struct unst_space *sp = UNST_SB(sb)->space;

	spin_lock(&sp->lock);
	if (WARN_ON_ONCE(sp->reserved < nr))
		nr = sp->reserved;
	sp->reserved -= nr;
	spin_unlock(&sp->lock);
}

/* writeback turns a reservation into allocated blocks */
void unst_claim(struct super_block *sb, u64 nr)
{
	struct unst_space *sp = UNST_SB(sb)->space;

	spin_lock(&sp->lock);
	if (WARN_ON_ONCE(sp->reserved < nr))
		nr = sp->reserved;
	sp->reserved -= nr;
	sp->free -= nr;
	spin_unlock(&sp->lock);
}

void unst_give_back(struct super_block *sb, u64 nr)
{
	struct unst_space *sp = UNST_SB(sb)->space;

	spin_lock(&sp->lock);
	sp->free += nr;
	spin_unlock(&sp->lock);
}

int unst_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;
	struct unst_space *sp = UNST_SB(sb)->space;

	buf->f_type = UNSTFS_MAGIC;
	buf->f_bsize = sb->s_blocksize;
	buf->f_namelen = UNST_NAME_LEN;
	spin_lock(&sp->lock);
	buf->f_blocks = sp->total;
	buf->f_bfree = sp->free;
	buf->f_bavail = sp->free - sp->reserved;
	spin_unlock(&sp->lock);
	return 0;
}
