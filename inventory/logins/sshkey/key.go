// Package sshkey reads which SSH keys let users log in, and which keys the server has. It reads the
// public keys in authorized_keys files, sshd(8), and beside the server's private keys.
package sshkey

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/mistakes"
	"github.com/hardening-sdk/hardening/inventory"
)

// Key is one public key.
type Key struct {
	inventory.Position

	Type        string   // such as ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256, sk-ssh-ed25519@openssh.com
	Bits        int      // the length of the modulus, or of the curve
	Fingerprint string   // SHA256:..., in the form of ssh-keygen(1)
	Options     []string // as written, such as from="10.0.0.0/8"
	User        string   // the user whom it lets in; empty for a key of the server
}

// curves maps types of a fixed length to that length.
var curves = map[string]int{
	"ssh-ed25519": 256, "sk-ssh-ed25519@openssh.com": 256,
	"ecdsa-sha2-nistp256": 256, "sk-ecdsa-sha2-nistp256@openssh.com": 256,
	"ecdsa-sha2-nistp384": 384, "ecdsa-sha2-nistp521": 521,
}

// Parse reads an authorized_keys file or a file with one public key. A line that is not a key is a
// mistake, which sshd skips. So Parse returns both: the keys, and an error that joins the mistakes,
// each with its line.
func Parse(b []byte) ([]Key, error) {
	var all []Key
	var errs mistakes.List
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.Trim(strings.TrimSuffix(s, "\r"), blanks)
		if s == "" || s[0] == '#' {
			continue
		}
		k, err := parseKey(s)
		if err != nil {
			if !errs.Full() {
				err = fmt.Errorf("line %d: %w", line, err)
			}
			errs.Add(err)
			continue
		}
		k.Line = line
		all = budget.Append(all, k)
	}
	return all, errs.Err()
}

// blanks are those of sshd, and no others.
const blanks = " \t"

var errKey = errors.New("no public key that is known")

// parseKey reads "options type key comment".
func parseKey(s string) (Key, error) {
	k, err := parseBareKey(s)
	if err == nil {
		return k, nil
	}
	options, rest, ok := cutOptions(s)
	if !ok {
		return Key{}, errKey
	}
	if k, err = parseBareKey(rest); err != nil {
		return Key{}, err
	}
	k.Options = splitOptions(options)
	return k, nil
}

// cutOptions cuts off the options at the beginning of a line. They are joined by commas, and have
// blanks in quotes only.
func cutOptions(s string) (options, rest string, ok bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ' ' || c == '\t':
			return s[:i], strings.TrimLeft(s[i:], blanks), true
		}
	}
	return "", "", false
}

// splitOptions splits options at the commas outside of quotes.
func splitOptions(s string) []string {
	var all []string
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			all = budget.Append(all, s[from:i])
			from = i + 1
		}
	}
	return budget.Append(all, s[from:])
}

// skipped removes the characters that OpenSSH passes over within a key (isspace in its base64 decoder)
// beside the blanks and line ends, which end it.
var skipped = strings.NewReplacer("\f", "", "\v", "", "\r", "")

// parseBareKey reads "type key comment".
func parseBareKey(s string) (Key, error) {
	// A type and a key; what comes after them is a comment.
	var f [2]string
	for i := range f {
		f[i], s = cutWord(s)
	}
	f[1] = skipped.Replace(f[1])
	// The key begins with the length of its type, so that most other text is told by its first letter.
	if !strings.HasPrefix(f[1], "AAAA") {
		return Key{}, errKey
	}
	blob, err := base64.StdEncoding.DecodeString(f[1])
	if err != nil {
		return Key{}, errKey
	}
	// The data of a key repeat its type.
	kind, rest, ok := cutString(blob)
	if !ok || string(kind) != f[0] {
		return Key{}, errKey
	}
	k := Key{Type: f[0], Fingerprint: fingerprint(blob)}
	switch n, known := curves[k.Type]; {
	case k.Type == "ssh-ed25519":
		point, after, ok := cutString(rest)
		if !ok || len(point) != 32 || len(after) > 0 {
			return Key{}, errKey
		}
		k.Bits = n
	case known:
		k.Bits = n
	case k.Type == "ssh-rsa": // exponent, modulus: RFC 4253, 6.6
		if _, rest, ok = cutString(rest); !ok {
			return Key{}, errKey
		}
		fallthrough
	case k.Type == "ssh-dss": // the modulus comes first
		modulus, _, ok := cutString(rest)
		if !ok {
			return Key{}, errKey
		}
		k.Bits = countBits(modulus)
	default:
		return Key{}, fmt.Errorf("%w: its type", errKey)
	}
	return k, nil
}

// cutWord cuts the first word off s.
func cutWord(s string) (w, rest string) {
	s = strings.TrimLeft(s, blanks)
	if end := strings.IndexAny(s, blanks); end >= 0 {
		return s[:end], s[end:]
	}
	return s, ""
}

// cutString cuts off a string of RFC 4251, section 5.
func cutString(b []byte) (s, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// countBits returns how many bits a number has.
func countBits(b []byte) int {
	i := slices.IndexFunc(b, func(c byte) bool { return c != 0 })
	if i < 0 {
		return 0
	}
	return (len(b)-i-1)*8 + bits.Len8(b[i])
}

// fingerprint returns the fingerprint of a key in the form of ssh-keygen(1).
func fingerprint(blob []byte) string {
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}
