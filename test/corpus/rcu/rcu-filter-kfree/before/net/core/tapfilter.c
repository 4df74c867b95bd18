/*
 * tapfilter - simple per tap packet matching
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/tapfilter.h>

struct tapf_rule {
	struct list_head list;
	u32 prio;
	__be16 proto;
	u32 mark;
	int verdict;
	struct rcu_head rcu;
};

static LIST_HEAD(tapf_rules);
static DEFINE_MUTEX(tapf_mutex);

/* called from softirq */
int tapf_run(const struct sk_buff *skb)
{
	struct tapf_rule *r;
	int verdict = TAPF_ACCEPT;

	rcu_read_lock();
	list_for_each_entry_rcu(r, &tapf_rules, list) {
		if (r->proto && r->proto != skb->protocol)
			continue;
		if (r->mark && r->mark != skb->mark)
			continue;
		verdict = r->verdict;
		break;
	}
	rcu_read_unlock();
	return verdict;
}
EXPORT_SYMBOL_GPL(tapf_run);

int tapf_add(u32 prio, __be16 proto, u32 mark, int verdict)
{
	struct tapf_rule *r, *pos;
	struct list_head *where = &tapf_rules;

	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->prio = prio;
	r->proto = proto;
	r->mark = mark;
	r->verdict = verdict;

	mutex_lock(&tapf_mutex);
	list_for_each_entry(pos, &tapf_rules, list) {
		if (pos->prio > prio) {
			where = &pos->list;
			break;
		}
	}
	list_add_tail_rcu(&r->list, where);
	mutex_unlock(&tapf_mutex);
	return 0;
}

int tapf_del(u32 prio)
{
	struct tapf_rule *r;

	mutex_lock(&tapf_mutex);
	list_for_each_entry(r, &tapf_rules, list) {
		if (r->prio != prio)
			continue;
		list_del_rcu(&r->list);
		mutex_unlock(&tapf_mutex);
		kfree(r);
		return 0;
	}
	mutex_unlock(&tapf_mutex);
	return -ENOENT;
}
