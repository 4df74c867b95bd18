// SPDX-License-Identifier: GPL-2.0
#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "msw_regs.h"

#define MSW_PORTS	8

struct msw_port {
	struct mutex lock;
	int index;
	u16 pvid;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
};

struct msw_switch {
	void __iomem *regs;
	struct mutex vlan_lock;
	u8 vlan_members[VLAN_N_VID];
	struct msw_port ports[MSW_PORTS];
};

static void msw_write_member(struct msw_switch *sw, u16 vid)
{
	writel(sw->vlan_members[vid], sw->regs + MSW_VLAN_TBL + 4 * vid);
}

int msw_port_set_vlan(struct msw_switch *sw, int p, u16 vid, bool pvid)
{
	struct msw_port *port = &sw->ports[p];

	if (vid >= VLAN_N_VID)
		return -EINVAL;

	mutex_lock(&port->lock);
	set_bit(vid, port->vlans);
	if (pvid)
		port->pvid = vid;

	mutex_lock(&sw->vlan_lock);
	sw->vlan_members[vid] |= BIT(p);
	msw_write_member(sw, vid);
	mutex_unlock(&sw->vlan_lock);
	mutex_unlock(&port->lock);
	return 0;
}

void msw_flush_vlan(struct msw_switch *sw, u16 vid)
{
	struct msw_port *port;
	int p;

	for (p = 0; p < MSW_PORTS; p++) {
		port = &sw->ports[p];
		mutex_lock(&port->lock);
		clear_bit(vid, port->vlans);
		if (port->pvid == vid)
			port->pvid = 0;
		mutex_lock(&sw->vlan_lock);
		sw->vlan_members[vid] &= ~BIT(p);
		msw_write_member(sw, vid);
		mutex_unlock(&sw->vlan_lock);
		mutex_unlock(&port->lock);
	}
}

u16 msw_port_pvid(struct msw_switch *sw, int p)
{
	u16 vid;

	mutex_lock(&sw->ports[p].lock);
	vid = sw->ports[p].pvid;
	mutex_unlock(&sw->ports[p].lock);
	return vid;
}

void msw_vlan_init(struct msw_switch *sw)
{
	int p;

	mutex_init(&sw->vlan_lock);
	for (p = 0; p < MSW_PORTS; p++) {
		mutex_init(&sw->ports[p].lock);
		sw->ports[p].index = p;
	}
}
