// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/power_supply.h>
#include <linux/regmap.h>
#include <linux/timer.h>

#define BCH_STATUS	0x10
#define BCH_SOC		0x11

struct bch {
	struct regmap *map;
	struct mutex lock;
	struct timer_list poll;
	struct power_supply *psy;
	unsigned int soc;
	unsigned int status;
};

static void bch_update(struct bch *b)
{
	unsigned int v;

	mutex_lock(&b->lock);
	if (!regmap_read(b->map, BCH_SOC, &v))
		b->soc = v;
	if (!regmap_read(b->map, BCH_STATUS, &v))
		b->status = v & 3;
	mutex_unlock(&b->lock);
}

static void bch_poll_timer(struct timer_list *t)
{
	struct bch *b = from_timer(b, t, poll);

	power_supply_changed(b->psy);
	mod_timer(&b->poll, jiffies + 30 * HZ);
}

static int bch_get_property(struct power_supply *psy,
			    enum power_supply_property psp,
			    union power_supply_propval *val)
{
	struct bch *b = power_supply_get_drvdata(psy);

	switch (psp) {
	case POWER_SUPPLY_PROP_CAPACITY:
		bch_update(b);
		val->intval = b->soc;
		return 0;
	case POWER_SUPPLY_PROP_STATUS:
		val->intval = b->status;
		return 0;
	default:
		return -EINVAL;
	}
}

int bch_start(struct bch *b, struct regmap *map, struct power_supply *psy)
{
	b->map = map;
	b->psy = psy;
	mutex_init(&b->lock);
	bch_update(b);
	timer_setup(&b->poll, bch_poll_timer, 0);
	mod_timer(&b->poll, jiffies + 30 * HZ);
	return 0;
}

void bch_stop(struct bch *b)
{
	del_timer_sync(&b->poll);
	mutex_destroy(&b->lock);
}
