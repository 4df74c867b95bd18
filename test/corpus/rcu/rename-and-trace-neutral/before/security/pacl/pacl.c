// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

struct pacl_entry {
	struct list_head list;
	kuid_t uid;
	u32 allow;
	u32 deny;
	struct rcu_head rcu;
};

static LIST_HEAD(pacl_list);
static DEFINE_SPINLOCK(pacl_lock);

int pacl_check(kuid_t uid, u32 perm)
{
	struct pacl_entry *e;
	int ret = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &pacl_list, list) {
		if (!uid_eq(e->uid, uid))
			continue;
		if (e->deny & perm)
			ret = -EACCES;
		break;
	}
	rcu_read_unlock();
	return ret;
}

int pacl_insert(kuid_t uid, u32 allow, u32 deny)
{
	struct pacl_entry *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	e->uid = uid;
	e->allow = allow;
	e->deny = deny;
	spin_lock(&pacl_lock);
	list_add_rcu(&e->list, &pacl_list);
	spin_unlock(&pacl_lock);
	return 0;
}

int pacl_remove(kuid_t uid)
{
	struct pacl_entry *e;

	spin_lock(&pacl_lock);
	list_for_each_entry(e, &pacl_list, list) {
		if (uid_eq(e->uid, uid)) {
			list_del_rcu(&e->list);
			spin_unlock(&pacl_lock);
			kfree_rcu(e, rcu);
			return 0;
		}
	}
	spin_unlock(&pacl_lock);
	return -ENOENT;
}

static int pacl_show(struct seq_file *m, void *v)
{
	struct pacl_entry *e;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &pacl_list, list)
		seq_printf(m, "%u +%x -%x\n",
			   from_kuid(&init_user_ns, e->uid),
			   e->allow, e->deny);
	rcu_read_unlock();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(pacl);

static int __init pacl_fs_init(void)
{
	securityfs_create_file("pacl", 0400, NULL, NULL, &pacl_fops);
	return 0;
}
fs_initcall(pacl_fs_init);
