// Package crypt classifies hashed passwords by the formats of crypt(5). They are the second fields
// of passwd(5) and shadow(5). No function of the package shows a hash.
package crypt

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Field is the password field of an account. It tells the kind of the entry. The entry itself is
// kept where printing, JSON, logging and comparing do not reach it. The zero value is an empty
// field.
type Field struct{ p *entry }

// entry holds a field that is not empty.
type entry struct {
	text   string // the whole field, which is never shown
	scheme Scheme
	locked bool
}

// Scheme is the name of a hashing method in crypt(5), such as "yescrypt".
type Scheme string

// The schemes of crypt(5), and two values for fields without a known hash.
const (
	None       Scheme = ""  // no hash: the field is empty, or no password matches it
	Invalid    Scheme = "?" // text that no known method produces
	Yescrypt   Scheme = "yescrypt"
	GostYes    Scheme = "gost-yescrypt"
	SM3Yes     Scheme = "sm3-yescrypt"
	Scrypt     Scheme = "scrypt"
	Bcrypt     Scheme = "bcrypt"
	SHA512     Scheme = "sha512crypt"
	SHA256     Scheme = "sha256crypt"
	SM3        Scheme = "sm3crypt"
	SHA1       Scheme = "sha1crypt"
	SunMD5     Scheme = "sunmd5"
	MD5        Scheme = "md5crypt"
	BSDi       Scheme = "bsdicrypt"
	BigOrDES   Scheme = "descrypt"
	NTHash     Scheme = "nt"
	prefixLock        = "!"
)

// prefixes tells the scheme of a hash by its beginning, as in crypt(5) of libxcrypt 4.4.
var prefixes = []struct {
	prefix string
	scheme Scheme
}{
	{"$y$", Yescrypt}, {"$gy$", GostYes}, {"$sm3y$", SM3Yes}, {"$7$", Scrypt},
	{"$2a$", Bcrypt}, {"$2b$", Bcrypt}, {"$2x$", Bcrypt}, {"$2y$", Bcrypt},
	{"$6$", SHA512}, {"$5$", SHA256}, {"$sm3$", SM3}, {"$sha1", SHA1}, {"$md5", SunMD5},
	{"$1$", MD5}, {"$3$", NTHash}, {"_", BSDi},
}

// Parse classifies a password field. Leading exclamation marks lock it, as passwd -l does. A field
// such as "*", "!" or "x" has no hash.
func Parse(field string) Field {
	if field == "" {
		return Field{}
	}
	if f, ok := common[field]; ok {
		return f
	}
	return parse(field)
}

// common are the fields that most accounts have, of which there is one each.
var common = map[string]Field{"x": parse("x"), "*": parse("*"), "!": parse("!"), "!!": parse("!!"), "!*": parse("!*")}

func parse(field string) Field {
	hash := strings.TrimLeft(field, prefixLock)
	return Field{&entry{field, schemeOf(hash), hash != field || strings.HasPrefix(field, "*")}}
}

// schemeOf returns the scheme of a field without its leading exclamation marks.
func schemeOf(hash string) Scheme {
	switch hash {
	case "", "*", "x", "*LK*", "*NP*", "!":
		return None
	}
	if strings.HasPrefix(hash, "##") {
		return None
	}
	for _, p := range prefixes {
		if strings.HasPrefix(hash, p.prefix) {
			return p.scheme
		}
	}
	if len(hash) >= 13 && strings.Trim(hash, hash64) == "" {
		return BigOrDES
	}
	if strings.HasPrefix(hash, "*") {
		return None
	}
	return Invalid
}

// hash64 is the alphabet of traditional DES hashes, which have no prefix.
const hash64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Empty reports whether the field is empty. No password is asked for then.
func (f Field) Empty() bool { return f.p == nil }

// Locked reports whether the field begins with "!" or "*". No password matches it then.
func (f Field) Locked() bool { return f.p != nil && f.p.locked }

// Shadowed reports whether the hash is in shadow(5). The field is then "x", "*NP*", or "##" with
// the name of the account, as in pam_unix(8).
func (f Field) Shadowed() bool {
	return f.p != nil && (f.p.text == "x" || f.p.text == "*NP*" || strings.HasPrefix(f.p.text, "##"))
}

// Scheme returns the method of the hash, also when the field is locked.
func (f Field) Scheme() Scheme {
	if f.p == nil {
		return None
	}
	return f.p.scheme
}

// Usable reports whether the account can be opened: the field is empty, so that no password is
// asked for, or it has a hash and is not locked.
func (f Field) Usable() bool {
	return f.Empty() || !f.p.locked && f.p.scheme != None
}

// String returns the kind of the field, such as "locked yescrypt". It returns nothing of the field.
func (f Field) String() string {
	switch {
	case f.Empty():
		return "empty"
	case f.p.scheme == None:
		return "no password"
	case f.p.locked:
		return "locked " + string(f.p.scheme)
	}
	return string(f.p.scheme)
}

// Format prints what [Field.String] returns, whatever the verb.
func (f Field) Format(s fmt.State, _ rune) { io.WriteString(s, f.String()) }

// MarshalText returns what [Field.String] returns.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// LogValue returns what [Field.String] returns.
func (f Field) LogValue() slog.Value { return slog.StringValue(f.String()) }

// Equal reports whether both fields are of the same kind. It exists so that no comparison has to
// look at the hashes.
func (f Field) Equal(o Field) bool { return f.String() == o.String() }
