package firewalld

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// element is an element of the file of a zone or policy.
type element struct {
	name  string
	attrs map[string]string
	inner []element
}

// form has the attributes that an element must have and may have.
type form struct{ must, may []string }

// common are the elements that zones and policies share, as firewalld 1.3 has them.
var common = map[string]form{
	"short": {}, "description": {}, "audit": {}, "accept": {}, "drop": {},
	"service":       {must: []string{"name"}},
	"port":          {must: []string{"port", "protocol"}},
	"icmp-block":    {must: []string{"name"}},
	"icmp-type":     {must: []string{"name"}},
	"forward-port":  {must: []string{"port", "protocol"}, may: []string{"to-port", "to-addr"}},
	"rule":          {may: []string{"family", "priority"}},
	"source":        {may: []string{"address", "mac", "invert", "family", "ipset"}},
	"destination":   {may: []string{"address", "invert", "ipset"}},
	"protocol":      {must: []string{"value"}},
	"source-port":   {must: []string{"port", "protocol"}},
	"log":           {may: []string{"prefix", "level"}},
	"nflog":         {may: []string{"group", "prefix", "queue-size"}},
	"reject":        {may: []string{"type"}},
	"mark":          {must: []string{"set"}},
	"limit":         {must: []string{"value"}},
	"tcp-mss-clamp": {may: []string{"value"}},
}

// special are the elements of zones and of policies alone. What later versions added, such as the
// priorities of zones, is an error, since 1.3 does not start with it.
var special = map[string]map[string]form{
	"zone": {
		"zone":                 {may: []string{"name", "immutable", "target", "version"}},
		"interface":            {must: []string{"name"}},
		"masquerade":           {may: []string{"enabled"}},
		"forward":              {},
		"icmp-block-inversion": {},
	},
	"policy": {
		"policy":       {must: []string{"target"}, may: []string{"version", "priority"}},
		"ingress-zone": {must: []string{"name"}},
		"egress-zone":  {must: []string{"name"}},
		"masquerade":   {},
	},
}

// ofRules are the elements that stand in rich rules only.
var ofRules = []string{"icmp-type", "destination", "log", "nflog", "audit", "accept", "drop", "reject", "mark", "tcp-mss-clamp"}

var (
	errDocument = errors.New("not the XML that firewalld takes")
	declaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version=["']1\.0["']([ \t\r\n]+encoding=["'](?i:utf-8)["'])?([ \t\r\n]+standalone=["'](yes|no)["'])?[ \t\r\n]*\?>$`)
	tag         = regexp.MustCompile(`^<[a-z-]+([ \t\r\n]+[a-z-]+[ \t\r\n]*=[ \t\r\n]*("[^"<]*"|'[^'<]*'))*[ \t\r\n]*/?>$`)
)

// parseDocument reads the file of a zone or policy, which kind says. firewalld reads it with expat,
// element by element, and does not look in which another one is. What expat or firewalld refuses is an
// error here, and so is what stands in a place where a manual page does not have it, and what a document
// type might add.
func parseDocument(b []byte, kind string) (element, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) || bytes.ContainsFunc(b, isNoXML) {
		return element{}, errDocument
	}
	if err := new(budget.Budget).Items(countElements(b)); err != nil {
		return element{}, err
	}
	w := walker{kind: kind, open: []element{{}}}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		start := d.InputOffset()
		t, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = w.take(t, b[start:d.InputOffset()], start == 0)
		}
		if err != nil {
			return element{}, fmt.Errorf("line %d: %w", 1+bytes.Count(b[:d.InputOffset()], []byte{'\n'}), err)
		}
	}
	if len(w.open) != 1 || len(w.open[0].inner) != 1 {
		return element{}, errDocument
	}
	return w.open[0].inner[0], nil
}

// isNoXML reports whether a character is none of XML.
func isNoXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}

// walker goes through a document.
type walker struct {
	kind string
	open []element // the document itself, then the elements that have no end yet
}

// take takes a token. Its text is raw.
func (w *walker) take(t xml.Token, raw []byte, first bool) error {
	outside := len(w.open) == 1
	switch t := t.(type) {
	case xml.StartElement:
		return w.begin(t, raw)
	case xml.EndElement:
		last := len(w.open) - 1
		if last == 0 || t.Name.Space != "" || t.Name.Local != w.open[last].name {
			return errDocument
		}
		w.open[last-1].inner = append(w.open[last-1].inner, w.open[last])
		w.open = w.open[:last]
	case xml.CharData:
		if outside && len(bytes.Trim(raw, " \t\r\n")) > 0 {
			return errDocument
		}
	case xml.ProcInst:
		if !first || !declaration.Match(raw) {
			return errDocument
		}
	case xml.Directive:
		return errDocument
	}
	return nil
}

// begin takes the beginning of an element.
func (w *walker) begin(t xml.StartElement, raw []byte) error {
	if !tag.Match(raw) {
		return errDocument
	}
	e := element{name: t.Name.Local, attrs: map[string]string{}}
	f, ok := common[e.name]
	if !ok {
		f, ok = special[w.kind][e.name]
	}
	if !ok || !w.fits(e.name) {
		return fmt.Errorf("an element that firewalld does not know, or not here: %w", errDocument)
	}
	for _, a := range t.Attr {
		name := a.Name.Local
		_, again := e.attrs[name]
		known := slices.Contains(f.must, name) || slices.Contains(f.may, name)
		if again || !known || strings.ContainsFunc(a.Value, isControl) {
			return fmt.Errorf("%s: an attribute that firewalld refuses: %w", e.name, errDocument)
		}
		e.attrs[name] = a.Value
	}
	for _, name := range f.must {
		if _, ok := e.attrs[name]; !ok {
			return fmt.Errorf("%s without its %s: %w", e.name, name, errDocument)
		}
	}
	w.open = append(w.open, e)
	return nil
}

// fits reports whether an element has its place in the one that is open.
func (w *walker) fits(name string) bool {
	if len(w.open) == 1 {
		return name == w.kind && len(w.open[0].inner) == 0
	}
	switch parent := w.open[len(w.open)-1].name; {
	case parent == w.kind:
		return name != w.kind && name != "limit" && !slices.Contains(ofRules, name) && !(name == "source" && w.kind == "policy")
	case parent == "rule":
		_, own := special[w.kind][name]
		return (!own || name == "masquerade") && !slices.Contains([]string{"rule", "limit", "short", "description"}, name)
	default:
		return name == "limit" && slices.Contains([]string{"accept", "reject", "drop", "mark", "log", "nflog", "audit"}, parent)
	}
}

// isControl reports whether a character is none that people write into an attribute.
func isControl(r rune) bool { return r < ' ' || r == 0x7f }
