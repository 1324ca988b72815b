package baseline

import (
	"slices"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Baseline is a set of rules for a kind of system.
type Baseline struct {
	ID          string
	Title       string
	Version     string
	Description string
	Platforms   []string // of rules that state none
	Groups      []Group
	Rules       []check.Rule      // in the order of the document
	Documents   map[string][]byte // that its expressions point into, by their digests
	Digest      string            // "sha256:" and the hexadecimal digest of the document

	compiled []check.Compiled
}

// add adds a rule, as data and compiled, which share no list.
func (b *Baseline) add(c check.Compiled) {
	r := c.Rule
	r.Platforms, r.References = slices.Clone(r.Platforms), slices.Clone(r.References)
	b.Rules = append(b.Rules, r)
	b.compiled = append(b.compiled, c)
}

// Compiled returns the rules, ready for [check.Run].
func (b *Baseline) Compiled() []check.Compiled { return slices.Clone(b.compiled) }

// Group is a section of a baseline.
type Group struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// LoadOptions says what a baseline may refer to.
type LoadOptions struct {
	// Kinds are the ready-made checks that rules may name.
	Kinds []kind.Kind
	// Tables are operators that rules may name besides all, any, not and when.
	Tables []check.Table
	// Documents are those that expressions may point into, by their digests ("sha256:...").
	Documents map[string][]byte
	// Catalogs are those that references are held to. With none given references are
	// not looked up.
	Catalogs []*control.Catalog
	// Families are those that rules may name, in mappings of families to requirements. With none
	// given families are not looked up.
	Families []*control.Mapping
	// Distributions are values of ID in os-release(5) that platforms may name besides those
	// of public distributions, such as that of a device of one's own.
	Distributions []string
	// KeepGood returns the baseline with its good rules beside the error, where
	// otherwise there is none.
	KeepGood bool
	// MaxBytes bounds the document. Default 1 MiB.
	MaxBytes int64
}

const (
	defaultMaxBytes = 1 << 20
	maxDepth        = 32 // of nested checks and arguments
	maxErrors       = 100
	maxChecks       = 5000 // in one document
)
