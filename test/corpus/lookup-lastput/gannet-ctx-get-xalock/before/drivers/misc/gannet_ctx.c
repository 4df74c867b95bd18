// SPDX-License-Identifier: GPL-2.0
/*
 * Gannet crypto engine: user contexts
 */
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>
#include <uapi/linux/gannet.h>
#include "gannet_hw.h"

struct gannet_file {
	struct xarray	ctxs;
};

struct gannet_ctx {
	struct kref	ref;
	u32		handle;
	struct mutex	lock;
	u8		key[GANNET_KEY_LEN];
	u64		ops;
};

static void gannet_ctx_free(struct kref *ref)
{
	struct gannet_ctx *ctx = container_of(ref, struct gannet_ctx, ref);

	mutex_destroy(&ctx->lock);
	kfree_sensitive(ctx);
}

static struct gannet_ctx *gannet_ctx_get(struct gannet_file *gf, u32 handle)
{
	struct gannet_ctx *ctx;

	ctx = xa_load(&gf->ctxs, handle);
	if (ctx)
		kref_get(&ctx->ref);
	return ctx;
}

static long gannet_create(struct gannet_file *gf, void __user *uarg)
{
	struct gannet_ctx *ctx;
	int ret;

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	kref_init(&ctx->ref);
	mutex_init(&ctx->lock);
	if (copy_from_user(ctx->key, uarg, sizeof(ctx->key))) {
		ret = -EFAULT;
		goto err;
	}
	ret = xa_alloc(&gf->ctxs, &ctx->handle, ctx, xa_limit_31b, GFP_KERNEL);
	if (ret)
		goto err;
	return 0;
err:
	kref_put(&ctx->ref, gannet_ctx_free);
	return ret;
}

static long gannet_destroy(struct gannet_file *gf, u32 handle)
{
	struct gannet_ctx *ctx;

	ctx = xa_erase(&gf->ctxs, handle);
	if (!ctx)
		return -ENOENT;
	kref_put(&ctx->ref, gannet_ctx_free);
	return 0;
}

static long gannet_run(struct gannet_file *gf, u32 handle)
{
	struct gannet_ctx *ctx;
	long ret;

	ctx = gannet_ctx_get(gf, handle);
	if (!ctx)
		return -ENOENT;
	mutex_lock(&ctx->lock);
	ret = gannet_hw_run(ctx->key);
	ctx->ops++;
	mutex_unlock(&ctx->lock);
	kref_put(&ctx->ref, gannet_ctx_free);
	return ret;
}

static long gannet_ioctl(struct file *file, unsigned int cmd,
			 unsigned long arg)
{
	struct gannet_file *gf = file->private_data;

	switch (cmd) {
	case GANNET_IOC_CREATE:
		return gannet_create(gf, (void __user *)arg);
	case GANNET_IOC_DESTROY:
		return gannet_destroy(gf, arg);
	case GANNET_IOC_RUN:
		return gannet_run(gf, arg);
	}
	return -ENOTTY;
}

static int gannet_open(struct inode *inode, struct file *file)
{
	struct gannet_file *gf = kzalloc(sizeof(*gf), GFP_KERNEL);

	if (!gf)
		return -ENOMEM;
	xa_init_flags(&gf->ctxs, XA_FLAGS_ALLOC1);
	file->private_data = gf;
	return 0;
}

static int gannet_release(struct inode *inode, struct file *file)
{
	struct gannet_file *gf = file->private_data;
	struct gannet_ctx *ctx;
	unsigned long index;

	xa_for_each(&gf->ctxs, index, ctx)
		kref_put(&ctx->ref, gannet_ctx_free);
	xa_destroy(&gf->ctxs);
	kfree(gf);
	return 0;
}

static const struct file_operations gannet_fops = {
	.owner		= THIS_MODULE,
	.open		= gannet_open,
	.release	= gannet_release,
	.unlocked_ioctl	= gannet_ioctl,
};

static struct miscdevice gannet_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "gannet",
	.fops	= &gannet_fops,
};
module_misc_device(gannet_misc);
MODULE_LICENSE("GPL");
