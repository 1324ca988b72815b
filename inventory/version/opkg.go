package version

import (
	"math"
	"strings"
)

// opkg orders [epoch:]version[-revision] as opkg compare-versions of opkg 0.4 does: as
// deb, but it checks nothing. A colon ends an epoch only after digits at the start, and an
// upstream version or a revision may be empty.
//
// Epochs above 2147483647 are refused, since opkg orders them by what is left of their
// difference in 32 bits. Characters outside of ASCII are where opkg on processors with a signed
// char has them (x86, MIPS).
type opkg struct{}

func (opkg) Name() string { return "opkg" }

func (opkg) Validate(v string) error {
	_, err := parseOpkg(v)
	return err
}

func (opkg) Compare(a, b string) (int, error) {
	x, err := parseOpkg(a)
	if err != nil {
		return 0, err
	}
	y, err := parseOpkg(b)
	if err != nil {
		return 0, err
	}
	return x.compare(y), nil
}

func (opkg) split(v string) parts {
	x, _ := parseOpkg(v)
	return x.parts()
}

func parseOpkg(v string) (debVersion, error) {
	x := debVersion{upstream: trimSpace(v)}
	if x.upstream == "" {
		return x, invalid("opkg", v, 0, "a version")
	}
	epoch := int64(0)
	i := 0
	for i < len(x.upstream) && digit(x.upstream[i]) {
		epoch = min(epoch*10+int64(x.upstream[i]-'0'), math.MaxInt32+1)
		i++
	}
	if i < len(x.upstream) && x.upstream[i] == ':' {
		if epoch > math.MaxInt32 {
			return x, invalid("opkg", v, leading(v, x.upstream), "an epoch up to 2147483647")
		}
		x.epoch, x.epochText, x.upstream = int32(epoch), x.upstream[:i], trimSpace(x.upstream[i+1:])
	}
	hyphen := -1
	for i := range len(x.upstream) {
		switch x.upstream[i] {
		case '-':
			hyphen = i
		case 0:
			return x, invalid("opkg", v, strings.IndexByte(v, 0), "no NUL")
		}
	}
	if hyphen >= 0 {
		x.upstream, x.revision = x.upstream[:hyphen], x.upstream[hyphen+1:]
	}
	return x, nil
}
