// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/security.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

struct kacl_entry {
	struct list_head list;
	kuid_t uid;
	u32 allow;
	u32 deny;
	struct rcu_head rcu;
};

static LIST_HEAD(kacl_list);
static DEFINE_SPINLOCK(kacl_lock);

int kacl_check(kuid_t uid, u32 perm)
{
	struct kacl_entry *e;
	int ret = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &kacl_list, list) {
		if (!uid_eq(e->uid, uid))
			continue;
		if (e->deny & perm)
			ret = -EACCES;
		break;
	}
	rcu_read_unlock();
	return ret;
}

int kacl_insert(kuid_t uid, u32 allow, u32 deny)
{
	struct kacl_entry *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	e->uid = uid;
	e->allow = allow;
	e->deny = deny;
	spin_lock(&kacl_lock);
	list_add_rcu(&e->list, &kacl_list);
	spin_unlock(&kacl_lock);
	return 0;
}

int kacl_remove(kuid_t uid)
{
	struct kacl_entry *e;

	spin_lock(&kacl_lock);
	list_for_each_entry(e, &kacl_list, list) {
		if (uid_eq(e->uid, uid)) {
			list_del_rcu(&e->list);
			spin_unlock(&kacl_lock);
			kfree_rcu(e, rcu);
			return 0;
		}
	}
	spin_unlock(&kacl_lock);
	return -ENOENT;
}

static int kacl_show(struct seq_file *m, void *v)
{
	struct kacl_entry *e;

	list_for_each_entry_rcu(e, &kacl_list, list)
		seq_printf(m, "%u +%x -%x\n",
			   from_kuid(&init_user_ns, e->uid),
			   e->allow, e->deny);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(kacl);

static int __init kacl_fs_init(void)
{
	securityfs_create_file("kacl", 0400, NULL, NULL, &kacl_fops);
	return 0;
}
fs_initcall(kacl_fs_init);
