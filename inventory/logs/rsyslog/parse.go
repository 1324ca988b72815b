package rsyslog

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Place is where something is set.
type Place struct {
	Source string
	Line   int
}

// Output is one action that sends messages away or writes them to a file.
type Output struct {
	Place
	Type   string // "omfwd", "omfile", "omrelp" and so on
	Target string // the host or file; empty where a template makes it
	// Protocol of omfwd is "udp" or "tcp".
	Protocol string
	// TLS says that the connection is encrypted; Auth how the other side shows who it is:
	// "x509/name", "anon", or empty where nothing is set.
	TLS  bool
	Auth string
	// Mode is the permission bits of new files.
	Mode uint32
	// Filter is the selector before an action of the old form, "*.*" for one without; it is empty for
	// other filters.
	Filter string
	// Conditional says that the action stands in a block, a ruleset or behind a condition or a filter of
	// properties.
	Conditional bool
}

// Local reports whether the messages stay on the system.
func (o Output) Local() bool {
	return slices.Contains(local, o.Type) || strings.HasPrefix(o.Type, "mm") || loopback(o.Target)
}

var local = []string{"omfile", "ompipe", "omusrmsg", "omprog", "omjournal", "omuxsock", "omstdout", "omruleset", "omshell", "omtesting", Stop}

// Stop is the Type of an Output that ends the way of its messages: nothing behind it gets them.
const Stop = "stop"

func loopback(host string) bool {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && a.IsLoopback()
}

// Input is a port that takes the messages of others.
type Input struct {
	Place
	Type    string // "imudp", "imtcp", "imptcp", "imrelp" and so on
	Address string // on which it is; empty for all
}

// Local reports whether only programs of the system itself reach it.
func (i Input) Local() bool { return loopback(i.Address) }

// Config is what rsyslogd is told to do.
type Config struct {
	Files   []string // in the order in which they are read
	Outputs []Output
	Inputs  []Input
	Modules []string // that are loaded, in lower case

	// What lines of the old form set for those after them.
	legacy struct {
		mode    uint32
		driver  string
		tls     bool
		auth    string
		address string
	}
	umask      int64  // -1 where nothing sets it
	driver     string // of global()
	moduleMode uint32 // of module(load="builtin:omfile")
	lastFilter string
	lastSure   bool
}

// newConfig answers what rsyslogd has before it reads a file.
func newConfig() *Config {
	c := &Config{moduleMode: 0o644, umask: -1, lastFilter: "*.*", lastSure: true}
	c.legacy.mode = 0o644
	return c
}

// Parse reads one file. Files that it includes are passed over.
func Parse(b []byte) (*Config, error) {
	c := newConfig()
	p := &parser{scanner: newScanner(b), c: c, include: func(string, bool) error { return nil }}
	if err := p.file(); err != nil {
		return nil, err
	}
	c.finish(serviceUmask)
	return c, nil
}

// serviceUmask is what systemd gives to services, UMask= of systemd.exec(5).
const serviceUmask = 0o022

// finish takes in the umask, that of the service where the configuration sets none.
func (c *Config) finish(umask uint32) {
	if c.umask >= 0 {
		umask = uint32(c.umask)
	}
	for i := range c.Outputs {
		c.Outputs[i].Mode &^= umask
	}
}

// parser reads the statements of a file.
type parser struct {
	*scanner
	c       *Config
	name    string
	include func(pattern string, optional bool) error
	depth   int  // of blocks
	soon    bool // the next statement stands behind a condition
	outer   bool // the file is included under a condition

	inSelector bool // an action of an object stands behind a selector
}

func (p *parser) conditional() bool { return p.depth > 0 || p.soon || p.outer }

func (p *parser) place(line int) Place { return Place{p.name, line} }

func (p *parser) file() error {
	for {
		if err := p.skip(); err != nil {
			return fmt.Errorf("line %d: %w", p.line, err)
		}
		if p.end() {
			break
		}
		at := p.line
		if err := p.statement(); err != nil {
			return fmt.Errorf("line %d: %w", at, err)
		}
	}
	if p.depth != 0 {
		return fmt.Errorf("line %d: a block that does not end", p.line)
	}
	return nil
}

// statement reads one statement.
func (p *parser) statement() error {
	switch c := p.peek(); {
	case c == '$':
		return p.directive()
	case c == '{':
		p.next()
		p.depth++
		p.soon = false
		return nil
	case c == '}':
		p.next()
		if p.depth--; p.depth < 0 {
			return fmt.Errorf("a bracket too many")
		}
		p.soon = false
		return nil
	case c == ';':
		p.next()
		return nil
	case letter(c):
		start, line := p.mark(), p.line
		w := strings.ToLower(p.word())
		if done, err := p.keyword(w); done || err != nil {
			return err
		}
		p.skipBlanks()
		if p.peek() == '(' && slices.Contains(objects, w) {
			return p.object(w, line)
		}
		p.back(start)
	}
	return p.selector()
}

// objects are those of RainerScript.
var objects = strings.Fields(`global template action input module parser timezone include lookup_table dyn_stats perctile_stats
	percentile_stats ruleset main_queue property constant reload_lookup_table ratelimit`)

// keyword reads a statement that begins with a word, if it is one.
func (p *parser) keyword(w string) (bool, error) {
	switch w {
	case "if":
		err := p.until(0, "then")
		p.soon = true
		return true, err
	case "else":
		p.soon = true
		return true, nil
	case "foreach":
		err := p.until(0, "do")
		p.soon = true
		return true, err
	case "set", "unset", "reset", "call_indirect":
		p.soon = false
		return true, p.until(';')
	case "call":
		p.skipBlanks()
		p.word()
		p.soon = false
		return true, nil
	case "stop":
		p.c.Outputs = append(p.c.Outputs, Output{Place: p.place(p.line), Type: Stop, Filter: "*.*", Conditional: p.conditional()})
		p.soon = false
		return true, nil
	case "continue":
		p.soon = false
		return true, nil
	}
	return false, nil
}

// object reads an object and, of a ruleset and a template, the block after it.
func (p *parser) object(kind string, line int) error {
	if kind == "reload_lookup_table" {
		p.soon = false
		return p.until(')')
	}
	args, err := p.params()
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	at := p.place(line)
	if strings.EqualFold(args["config.enabled"], "off") {
		p.soon = false
		return nil
	}
	switch kind {
	case "global":
		p.global(args)
	case "module":
		return p.module(args)
	case "include":
		if args["file"] == "" {
			return fmt.Errorf("an include without a file")
		}
		err := p.include(args["file"], args["mode"] == "optional")
		p.soon = false
		return err
	case "input":
		p.c.Inputs = append(p.c.Inputs, input(at, args))
	case "action":
		if err := p.action(at, args); err != nil {
			return err
		}
	}
	p.soon = false
	return nil
}

func (p *parser) global(args map[string]string) {
	if v := args["defaultnetstreamdriver"]; v != "" {
		p.c.driver = v
	}
	if v := args["umask"]; v != "" {
		p.c.umask = mask(v)
	}
}

func (p *parser) module(args map[string]string) error {
	p.c.Modules = append(p.c.Modules, strings.ToLower(args["load"]))
	if v, ok := args["filecreatemode"]; ok && strings.EqualFold(args["load"], "builtin:omfile") {
		p.c.moduleMode = octal(v)
	}
	return nil
}

// octal reads permission bits; what is none counts as all of them.
func octal(v string) uint32 {
	n, err := strconv.ParseUint(v, 8, 12)
	if err != nil {
		return 0o777
	}
	return uint32(n)
}

// mask is octal for a mask: what is none counts as an empty one.
func mask(v string) int64 {
	n, err := strconv.ParseUint(v, 8, 12)
	if err != nil {
		return 0
	}
	return int64(n)
}

// ports are inputs that take messages from the network.
var ports = []string{"imudp", "imtcp", "imptcp", "imrelp", "imgssapi", "imhttp", "imdtls", "im3195", "imbeats"}

func input(at Place, args map[string]string) Input {
	return Input{at, strings.ToLower(args["type"]), args["address"]}
}

func (p *parser) action(at Place, args map[string]string) error {
	o := Output{Place: at, Type: strings.TrimPrefix(strings.ToLower(args["type"]), "builtin:"), Target: args["target"], Filter: p.c.lastFilter, Conditional: p.conditional()}
	if !p.inSelector {
		o.Filter = "*.*"
	}
	switch o.Type {
	case "":
		return fmt.Errorf("an action without a type")
	case "omfile":
		o.Target, o.Mode = args["file"], p.c.moduleMode
		if v, ok := args["filecreatemode"]; ok {
			o.Mode = octal(v)
		}
	case "omfwd":
		o.Protocol = strings.ToLower(args["protocol"])
		if o.Protocol == "" {
			o.Protocol = "udp"
		}
		driver := args["streamdriver"]
		if v := args["streamdriver.name"]; v != "" {
			driver = v
		}
		if driver == "" {
			driver = p.c.driver
		}
		mode, auth := args["streamdrivermode"]+args["streamdriver.mode"], args["streamdriverauthmode"]+args["streamdriver.authmode"]
		o.TLS, o.Auth = o.Protocol == "tcp" && mode == "1" && secure(driver), auth
	case "omrelp":
		o.TLS, o.Auth = strings.EqualFold(args["tls"], "on"), args["tls.authmode"]
	}
	if strings.EqualFold(args["action.execonlywhenpreviousissuspended"], "on") {
		o.Conditional = true
	}
	p.c.Outputs = append(p.c.Outputs, o)
	return nil
}

// secure reports whether a driver of connections encrypts.
func secure(driver string) bool {
	return slices.Contains([]string{"gtls", "ossl", "mbedtls"}, strings.TrimPrefix(strings.ToLower(driver), "lmnsd_"))
}
