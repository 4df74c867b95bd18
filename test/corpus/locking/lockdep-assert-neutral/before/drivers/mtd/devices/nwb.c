// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/mtd/mtd.h>
#include <linux/mutex.h>
#include <linux/spi/spi.h>

#define NWB_CMD_WREN	0x06
#define NWB_CMD_PP	0x02
#define NWB_PAGE	256

struct nwb {
	struct mtd_info mtd;
	struct spi_device *spi;
	struct mutex lock;
	u8 buf[NWB_PAGE + 4];
};

static int nwb_cmd(struct nwb *nv, u8 cmd)
{
	return spi_write(nv->spi, &cmd, 1);
}

static int nwb_verify(struct nwb *nv, u32 addr, const u8 *data, size_t len)
{
	u8 cmd[4] = { 0x03, addr >> 16, addr >> 8, addr };
	int ret;

	ret = spi_write_then_read(nv->spi, cmd, 4, nv->buf, len);
	if (ret)
		return ret;
	return memcmp(nv->buf, data, len) ? -EIO : 0;
}

static int nwb_program(struct nwb *nv, u32 addr, const u8 *data, size_t len)
{
	int ret;

	if (len > NWB_PAGE)
		return -EINVAL;

	mutex_lock(&nv->lock);
	ret = nwb_cmd(nv, NWB_CMD_WREN);
	if (ret)
		goto out;

	nv->buf[0] = NWB_CMD_PP;
	nv->buf[1] = addr >> 16;
	nv->buf[2] = addr >> 8;
	nv->buf[3] = addr;
	memcpy(nv->buf + 4, data, len);
	ret = spi_write(nv->spi, nv->buf, len + 4);
	if (ret)
		goto out;

	ret = nwb_verify(nv, addr, data, len);
	if (ret) {
		dev_err(&nv->spi->dev, "verify failed at %x\n", addr);
		goto out;
	}
	nv->mtd.ecc_stats.corrected = 0;
out:
	mutex_unlock(&nv->lock);
	return ret;
}

static int nwb_write(struct mtd_info *mtd, loff_t to, size_t len,
		     size_t *retlen, const u_char *buf)
{
	struct nwb *nv = container_of(mtd, struct nwb, mtd);
	size_t n;
	int ret;

	while (len) {
		n = min_t(size_t, len, NWB_PAGE - (to & (NWB_PAGE - 1)));
		ret = nwb_program(nv, to, buf, n);
		if (ret)
			return ret;
		to += n;
		buf += n;
		len -= n;
		*retlen += n;
	}
	return 0;
}
