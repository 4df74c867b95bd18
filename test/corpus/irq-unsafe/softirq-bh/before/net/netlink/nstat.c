#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#define NSTAT_MAX_AGE	(60 * HZ)

struct nstat_entry {
	struct list_head list;
	u32 portid;
	u64 msgs;
	unsigned long last;
};

struct nstat_table {
	spinlock_t lock;
	struct list_head entries;
	struct timer_list age_timer;
};

static struct nstat_table nstat_tbl;

static void nstat_age(struct timer_list *t)
{
	struct nstat_table *tbl = from_timer(tbl, t, age_timer);
	struct nstat_entry *e, *tmp;

	spin_lock(&tbl->lock);
	list_for_each_entry_safe(e, tmp, &tbl->entries, list) {
		if (time_before(jiffies, e->last + NSTAT_MAX_AGE))
			continue;
		list_del(&e->list);
		kfree(e);
	}
	spin_unlock(&tbl->lock);
	mod_timer(&tbl->age_timer, jiffies + HZ);
}

/* receive path, softirqs are off */
void nstat_account(u32 portid)
{
	struct nstat_table *tbl = &nstat_tbl;
	struct nstat_entry *e;

	spin_lock(&tbl->lock);
	list_for_each_entry(e, &tbl->entries, list) {
		if (e->portid == portid)
			goto found;
	}
	e = kzalloc(sizeof(*e), GFP_ATOMIC);
	if (!e)
		goto out;
	e->portid = portid;
	list_add(&e->list, &tbl->entries);
found:
	e->msgs++;
	e->last = jiffies;
out:
	spin_unlock(&tbl->lock);
}

static int nstat_dump(struct seq_file *m, void *v)
{
	struct nstat_table *tbl = m->private;
	struct nstat_entry *e;

	spin_lock(&tbl->lock);
	list_for_each_entry(e, &tbl->entries, list)
		seq_printf(m, "%u %llu\n", e->portid, e->msgs);
	spin_unlock(&tbl->lock);
	return 0;
}

static int __init nstat_init(void)
{
	spin_lock_init(&nstat_tbl.lock);
	INIT_LIST_HEAD(&nstat_tbl.entries);
	timer_setup(&nstat_tbl.age_timer, nstat_age, 0);
	mod_timer(&nstat_tbl.age_timer, jiffies + HZ);
	return 0;
}
subsys_initcall(nstat_init);
