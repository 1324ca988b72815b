package baseline

import (
	"slices"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Baseline is a set of rules for a kind of system. Use [Load] or [LoadFS] to create one.
type Baseline struct {
	ID          string
	Title       string
	Version     string
	Description string
	Platforms   []string // default for rules without platforms
	Groups      []Group
	Rules       []check.Rule      // in the order of the document
	Documents   map[string][]byte // documents that expressions refer to, by digest
	Digest      string            // "sha256:" and the hexadecimal digest of the document and included files

	compiled []check.Compiled
}

// add adds a rule, both as data and compiled. The two share no slices.
func (b *Baseline) add(c check.Compiled) {
	r := c.Rule
	r.Platforms, r.References = slices.Clone(r.Platforms), slices.Clone(r.References)
	b.Rules = append(b.Rules, r)
	b.compiled = append(b.compiled, c)
}

// Compiled returns the compiled rules for [check.Run].
func (b *Baseline) Compiled() []check.Compiled { return slices.Clone(b.compiled) }

// Group is a section of a baseline.
type Group struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// LoadOptions configures [Load] and [LoadFS]. The zero value allows no kinds, so that rules can
// only be loaded if Kinds is set.
type LoadOptions struct {
	// Kinds are the ready-made checks that rules may use.
	Kinds []kind.Kind
	// Tables are operators that rules may use besides all, any, not and when.
	Tables []check.Table
	// Documents are the documents that expressions may refer to, keyed by digest ("sha256:...").
	Documents map[string][]byte
	// Catalogs contain the requirements that rules may reference. If empty, references are not
	// validated.
	Catalogs []*control.Catalog
	// Families contain the families that rules may use. If empty, families are not validated.
	Families []*control.Mapping
	// Distributions are further values of ID in os-release(5) that platforms may use, such as that
	// of a custom appliance. Public distributions are known.
	Distributions []string
	// KeepGood makes loading return the rules without mistakes along with the error. By default
	// the baseline is nil if there is an error.
	KeepGood bool
	// MaxBytes is the maximum size of the document, including included files. The default is 1 MiB.
	MaxBytes int64
}

const (
	defaultMaxBytes = 1 << 20
	maxDepth        = 32 // nesting depth of checks and arguments
	maxErrors       = 100
	maxChecks       = 5000 // checks in one document
)
