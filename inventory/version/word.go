package version

import (
	"math/bits"
	"strings"
)

// common returns the length of the common start of a and b, and whether it has a hyphen.
func common(a, b string) (n int, hyphen bool) {
	least := min(len(a), len(b))
	if least < 8 {
		x := short(a[:least])
		// The bit beyond the last byte makes the end a difference.
		same := bits.TrailingZeros64(x^short(b[:least])|1<<(8*least)) &^ 7
		return same / 8, equals(x, '-')&(1<<same-1) != 0
	}
	for {
		x := word(a[n:])
		h := equals(x, '-')
		if d := x ^ word(b[n:]); d != 0 {
			same := bits.TrailingZeros64(d) &^ 7
			return n + same/8, hyphen || h&(1<<same-1) != 0
		}
		hyphen = hyphen || h != 0
		if n += 8; n >= least {
			return least, hyphen
		}
		n = min(n, least-8) // the last word overlaps with the one before it
	}
}

// hyphenFrom reports whether v has a hyphen at i or after it. It may be true for one before i.
func hyphenFrom(v string, i int) bool {
	if left := len(v) - i; len(v) >= 8 && left <= 8 {
		return equals(word(v[len(v)-8:]), '-')>>(64-8*left) != 0
	}
	return strings.IndexByte(v[i:], '-') >= 0
}

const ones = 0x0101010101010101

// equals returns a value that is not 0 if a byte of x is c. The lowest bit that is set is in the
// first such byte.
func equals(x uint64, c byte) uint64 {
	x ^= ones * uint64(c)
	return (x - ones) &^ x & (ones << 7)
}

// below returns a value that is not 0 if a byte of x is less than c, which is at most 128.
func below(x uint64, c byte) uint64 { return (x - ones*uint64(c)) &^ x & (ones << 7) }

// word returns the first 8 bytes of text.
func word(text string) uint64 {
	_ = text[7]
	return uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
		uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
}

// short returns a text of less than 8 bytes, with zeros after it.
func short(text string) uint64 {
	switch n := len(text); {
	case n >= 4:
		_ = text[3]
		low := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24
		end := text[n-4:]
		high := uint64(end[0]) | uint64(end[1])<<8 | uint64(end[2])<<16 | uint64(end[3])<<24
		return low | high<<(8*(n-4))
	case n > 0: // the first, the middle and the last are all there are
		return uint64(text[0]) | uint64(text[n/2])<<(8*(n/2)) | uint64(text[n-1])<<(8*(n-1))
	}
	return 0
}

// compareLonger compares the numbers at the start of two texts, whose first digits differ and are
// no zeros. The longer number is higher. If they are equally long, the first digit decides.
func compareLonger(a, b string) int {
	for i := 1; ; i++ {
		switch x, y := i < len(a) && digit(a[i]), i < len(b) && digit(b[i]); {
		case x && !y:
			return 1
		case y && !x:
			return -1
		case !x:
			return int(a[0]) - int(b[0])
		}
	}
}
