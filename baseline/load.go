package baseline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hardening-sdk/hardening/baseline/control"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
)

// Format is the required value of the key "format" in a document.
const Format = "hardening/v1"

// document is the top level of a baseline. Nodes are decoded later.
type document struct {
	Format      string `yaml:"format,required"`
	ID          string `yaml:"id,required"`
	Title       string `yaml:"title,required"`
	Version     string `yaml:"version,required"`
	Description string
	Platforms   []string
	Groups      []groupDoc
	Include     []string
	Rules       []yamlNode
}

// part is the top level of an included file.
type part struct {
	Group string     // default for rules without a group
	Rules []yamlNode `yaml:"rules,required"`
}

type groupDoc struct {
	ID    string `yaml:"id,required"`
	Title string `yaml:"title,required"`
}

type ruleDoc struct {
	ID          string `yaml:"id,required"`
	Title       string `yaml:"title,required"`
	Group       string
	Severity    check.Severity `yaml:"severity,required"`
	Family      string
	Rationale   string
	Remediation string
	References  yamlNode
	Platforms   []string
	URL         string
	Needs       check.Needs
	Check       yamlNode `yaml:"check,required"`
}

// yamlNode is a part of the document that is decoded later.
type yamlNode struct{ *yaml.Node }

var nodeType = reflect.TypeFor[yamlNode]()

// loader is the state of loading one baseline.
type loader struct {
	decoder
	o        LoadOptions
	fsys     fs.FS // contains included files; nil if includes are not allowed
	left     int64 // bytes that may still be read
	compiler *kind.Compiler
	groups   map[string]bool
	seen     map[string]check.Place // places of rules by ID
}

// Load reads a baseline from r. Errors use name as the file name. Each mistake in the baseline is
// an [*Error]; the returned error joins up to 100 of them. With LoadOptions.KeepGood, Load returns
// the rules without mistakes along with the error.
//
// The document cannot include other files; see [LoadFS].
func Load(ctx context.Context, r io.Reader, name string, o LoadOptions) (*Baseline, error) {
	return load(ctx, r, name, nil, o)
}

// LoadFS is like [Load] for the file name in fsys, which may include other files of fsys. Names in
// "include" are relative to the folder of the file and cannot contain "..".
func LoadFS(ctx context.Context, fsys fs.FS, name string, o LoadOptions) (*Baseline, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return load(ctx, f, name, fsys, o)
}

func load(ctx context.Context, r io.Reader, name string, fsys fs.FS, o LoadOptions) (*Baseline, error) {
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultMaxBytes
	}
	l := &loader{o: o, fsys: fsys, left: o.MaxBytes, groups: map[string]bool{}, seen: map[string]check.Place{}}
	b, err := l.read(r, name)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	if l.compiler, err = kind.NewCompiler(o.Kinds, o.Tables, o.Documents); err != nil {
		return nil, err
	}
	if base := l.loadJSON(b); base != nil {
		return base, nil
	}
	// Use a new compiler, because a compiler counts its checks.
	l.compiler, _ = kind.NewCompiler(o.Kinds, o.Tables, o.Documents)
	base := l.load(b)
	err = l.err()
	if err != nil && !o.KeepGood {
		return nil, err
	}
	return base, err
}

// read reads a file and makes it the current one for mistakes.
func (l *loader) read(r io.Reader, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, l.left+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if l.left -= int64(len(b)); l.left < 0 {
		return nil, fmt.Errorf("%s: larger than %d bytes", name, l.o.MaxBytes)
	}
	l.files = append(l.files, name)
	l.file = name
	return b, nil
}

// load decodes the document b. It returns nil if b is not a mapping.
func (l *loader) load(b []byte) *Baseline {
	root := l.parseRoot(b)
	if root == nil {
		return nil
	}
	var doc document
	l.decode(root, reflect.ValueOf(&doc).Elem(), 0)
	if doc.Format != "" && doc.Format != Format {
		l.add(root, "format %q is not known, want %q", doc.Format, Format)
	}
	base := &Baseline{ID: doc.ID, Title: doc.Title, Version: doc.Version, Description: doc.Description,
		Platforms: doc.Platforms, Documents: l.o.Documents}
	l.checkPlatforms(root, doc.Platforms)
	for _, g := range doc.Groups {
		if l.groups[g.ID] {
			l.add(root, "group %q is there twice", g.ID)
		}
		l.groups[g.ID] = true
		base.Groups = append(base.Groups, Group(g))
	}
	if doc.Rules == nil && doc.Include == nil {
		l.add(root, `"rules" is missing`)
	}
	l.addRules(base, doc.Rules, "")
	base.Digest = digest(b)
	if len(doc.Include) > 0 {
		all := base.Digest // the digests of all files, in order
		for _, name := range doc.Include {
			all += "\n" + digest(l.include(base, root, name))
		}
		base.Digest = digest([]byte(all))
	}
	return base
}

// addRules adds rules to base. The given group is the default for rules without one.
func (l *loader) addRules(base *Baseline, nodes []yamlNode, group string) {
	for _, n := range nodes {
		if r, ok := l.decodeRule(n.Node, base.Platforms, group); ok {
			base.add(r)
		}
	}
}

// include adds the rules of an included file to base and returns the contents of the file.
func (l *loader) include(base *Baseline, root *yaml.Node, name string) []byte {
	main := l.files[0]
	l.file = main
	file := path.Join(path.Dir(main), name)
	switch {
	case l.fsys == nil:
		l.add(root, "%q is included, which needs the folder of the document", name)
		return nil
	case !fs.ValidPath(name) || slices.Contains(l.files, file):
		l.add(root, "%q is no other file beside the document", name)
		return nil
	}
	f, err := l.fsys.Open(file)
	if err != nil {
		l.add(root, "%q is included: %w", name, err)
		return nil
	}
	defer f.Close()
	b, err := l.read(f, file)
	if err != nil {
		l.add(root, "%w", err)
		return nil
	}
	if n := l.parseRoot(b); n != nil {
		var doc part
		l.decode(n, reflect.ValueOf(&doc).Elem(), 0)
		l.addRules(base, doc.Rules, doc.Group)
	}
	return b
}

// digest returns "sha256:" and the hexadecimal SHA-256 of b.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// parseRoot parses b, which must contain exactly one YAML document, and returns its root node. It
// returns nil if there is a mistake.
func (l *loader) parseRoot(b []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		l.addSyntaxError(err)
		return nil
	}
	if err := dec.Decode(&more); err == nil {
		l.add(&more, "a second document")
		return nil
	} else if !errors.Is(err, io.EOF) {
		l.addSyntaxError(err)
		return nil
	}
	if !l.checkPlain(&doc, 0) || len(doc.Content) != 1 {
		return nil
	}
	return doc.Content[0]
}

// addSyntaxError records an error of the YAML parser.
func (l *loader) addSyntaxError(err error) {
	var le *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		l.addAt(1, 1, errors.New("the document is empty"))
	case errors.As(err, &le):
		l.addAt(le.Mark.Line, le.Mark.Column, errors.New(le.Message))
	default:
		l.addAt(1, 1, err)
	}
}

// checkPlain rejects YAML features that hide the meaning of a document: anchors, aliases and tags.
// It reports whether there are none.
func (l *loader) checkPlain(n *yaml.Node, depth int) bool {
	switch {
	case depth > maxDepth:
		l.add(n, "nested deeper than %d", maxDepth)
		return false
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		l.add(n, "anchors and aliases are not allowed")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		l.add(n, "tags are not allowed")
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = l.checkPlain(c, depth+1) && ok
	}
	return ok
}

var (
	ruleID  = regexp.MustCompile(`^[a-z][a-z0-9]*(\.[a-z0-9]+(-[a-z0-9]+)*){2,}$`)
	pattern = regexp.MustCompile(`^[a-z0-9]+(/[a-z0-9._-]+){0,2}$`)
)

// explainPlatform returns why the pattern p names no known platform, or the empty string if it
// names one.
func (l *loader) explainPlatform(p string) string {
	if !pattern.MatchString(p) {
		return "want os, os/id or os/id/version"
	}
	parts := strings.Split(p, "/")
	if !slices.Contains(systems, parts[0]) {
		return fmt.Sprintf("the operating system is none of %q", systems)
	}
	if len(parts) > 1 && parts[0] == "linux" && !slices.Contains(distributions, parts[1]) && !slices.Contains(l.o.Distributions, parts[1]) {
		return "the distribution is not known; LoadOptions.Distributions adds one"
	}
	return ""
}

// hasFamily reports whether the family id is valid: empty, known, or not validated.
func (l *loader) hasFamily(id string) bool {
	return id == "" || len(l.o.Families) == 0 || slices.ContainsFunc(l.o.Families, func(m *control.Mapping) bool {
		_, ok := m.Lookup(id)
		return ok
	})
}

// checkPlatforms records a mistake for each pattern that names no known platform.
func (l *loader) checkPlatforms(n *yaml.Node, all []string) {
	for _, p := range all {
		if why := l.explainPlatform(p); why != "" {
			l.add(n, "%q is no platform: %s", p, why)
		}
	}
}

// decodeRule decodes one rule and reports whether it has no mistakes.
func (l *loader) decodeRule(n *yaml.Node, platforms []string, group string) (check.Compiled, bool) {
	before := len(l.list)
	var doc ruleDoc
	l.decode(n, reflect.ValueOf(&doc).Elem(), 0)
	switch {
	case doc.ID == "":
	case !ruleID.MatchString(doc.ID):
		l.add(n, "%q is no rule id, want platform.subject.statement in kebab case", doc.ID)
	case l.seen[doc.ID].Line > 0:
		l.add(n, "rule %s is there twice, first in line %d of %s", doc.ID, l.seen[doc.ID].Line, l.seen[doc.ID].File)
	default:
		l.seen[doc.ID] = check.Place{File: l.file, Line: n.Line}
	}
	if doc.Group == "" {
		doc.Group = group
	}
	if !l.hasFamily(doc.Family) {
		l.add(n, "family %q is not known", doc.Family)
	}
	if doc.Group != "" && !l.groups[doc.Group] {
		l.add(n, "group %q is not declared", doc.Group)
	}
	if doc.Platforms == nil {
		doc.Platforms = platforms
	}
	l.checkPlatforms(n, doc.Platforms)
	r := check.Rule{ID: doc.ID, Title: doc.Title, Severity: doc.Severity, Group: doc.Group, Family: doc.Family,
		Rationale: doc.Rationale, Remediation: doc.Remediation, URL: doc.URL, Platforms: slices.Clone(doc.Platforms)}
	r.References = l.decodeReferences(doc.References.Node)
	made := check.Compiled{}
	if doc.Check.Node != nil {
		r.Needs = doc.Needs
		made = l.compile(r, doc.Check.Node)
	}
	return made, len(l.list) == before && len(l.list) < maxErrors
}

// decodeReferences decodes a mapping of catalogs to lists of requirements, and validates each
// requirement if the catalogs are known.
func (l *loader) decodeReferences(n *yaml.Node) []check.Reference {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		l.wrong(n, "a mapping of catalogs to lists")
		return nil
	}
	var all []check.Reference
	for key, value := range l.pairs(n) {
		var ids []yamlNode
		if !l.decode(value, reflect.ValueOf(&ids).Elem(), 0) {
			continue
		}
		i := slices.IndexFunc(l.o.Catalogs, func(c *control.Catalog) bool { return c.ID == key.Value })
		if i < 0 && len(l.o.Catalogs) > 0 {
			l.add(key, "catalog %q is not known", key.Value)
			continue
		}
		for _, id := range ids {
			var s string
			if !l.decode(id.Node, reflect.ValueOf(&s).Elem(), 0) {
				continue
			}
			if i >= 0 {
				if _, ok := l.o.Catalogs[i].Lookup(s); !ok {
					l.add(id.Node, "%s has no %q", key.Value, s)
				}
			}
			all = append(all, check.Reference{Catalog: key.Value, ID: s})
		}
	}
	return all
}
