package rsyslog

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/localhost"
	"github.com/hardening-sdk/hardening/inventory"
)

// Output is one action that sends messages away or writes them to a file.
type Output struct {
	inventory.Position

	Type   string // "omfwd", "omfile", "omrelp" and so on
	Target string // the host or file; empty if a template makes it
	// Protocol is "udp" or "tcp" for omfwd, else empty.
	Protocol string
	// TLS says that the connection is encrypted. Auth says how the other side proves who it is:
	// "x509/name", "anon", or empty if nothing is set.
	TLS  bool
	Auth string
	// Mode is the permission bits of new files.
	Mode uint32
	// Filter is the selector before the action. It is "*.*" for an action without one, and empty
	// for other filters.
	Filter string
	// Conditional says that the action is in a block or a ruleset, or behind a condition or a
	// filter of properties.
	Conditional bool
}

// Local reports whether the messages stay on the system.
func (o Output) Local() bool {
	return slices.Contains(local, o.Type) || strings.HasPrefix(o.Type, "mm") || localhost.Is(strings.Trim(o.Target, "[]"))
}

// local are the types of outputs that send nothing to the network.
var local = []string{"omfile", "ompipe", "omusrmsg", "omprog", "omjournal", "omuxsock", "omstdout", "omruleset",
	"omshell", "omtesting", Stop}

// Stop is the Type of an Output that discards its messages: no later action gets them.
const Stop = "stop"

// Input is a port on which rsyslogd receives messages of others.
type Input struct {
	inventory.Position

	Type    string // "imudp", "imtcp", "imptcp", "imrelp" and so on
	Address string // the address that it listens on; empty for all
}

// Local reports whether only programs of the system itself reach the port.
func (i Input) Local() bool {
	a, err := netip.ParseAddr(strings.Trim(i.Address, "[]"))
	return strings.EqualFold(i.Address, "localhost") || err == nil && a.IsLoopback()
}

// Config is the configuration of rsyslogd.
type Config struct {
	Files   []string // in the order in which they are read
	Outputs []Output
	Inputs  []Input
	Modules []string // the loaded modules, in lower case

	// legacy is what lines of the old form set for those after them.
	legacy struct {
		mode    uint32
		driver  string
		tls     bool
		auth    string
		address string
	}
	globals    []string // the parameters of global() that were read
	umask      int64    // -1 if the configuration does not set it
	driver     string   // of global()
	moduleMode uint32   // of module(load="builtin:omfile")
	lastFilter string   // the filter that "&" repeats
	lastSure   bool     // that filter is a selector
}

// newConfig returns the built-in configuration of rsyslogd.
func newConfig() *Config {
	c := &Config{moduleMode: 0o644, umask: -1, lastFilter: "*.*", lastSure: true}
	c.legacy.mode = 0o644
	return c
}

// Parse reads the text of one file. The Source of outputs and inputs is left empty, and files that
// it includes are not read. The first construct that is not known is the error, with its line.
func Parse(b []byte) (*Config, error) {
	c := newConfig()
	p := &parser{scanner: newScanner(b), limit: new(budget.Budget), c: c, include: func(string, bool) error { return nil }}
	if err := p.parse(); err != nil {
		return nil, err
	}
	c.applyUmask(serviceUmask)
	return c, nil
}

// serviceUmask is the umask that systemd gives to services, UMask= of systemd.exec(5).
const serviceUmask = 0o022

// applyUmask takes the bits of the umask off the modes of outputs. The argument is the umask of the
// service, which counts if the configuration sets none.
func (c *Config) applyUmask(umask uint32) {
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
	limit   *budget.Budget
	c       *Config
	name    string
	include func(pattern string, optional bool) error
	depth   int  // of blocks
	soon    bool // the next statement stands behind a condition
	outer   bool // the file is included under a condition

	inSelector bool // the object that is being read stands behind a selector
}

// isConditional reports whether the next statement is carried out under a condition only.
func (p *parser) isConditional() bool { return p.depth > 0 || p.soon || p.outer }

// place returns the place of a line.
func (p *parser) place(line int) inventory.Position {
	return inventory.Position{Source: p.name, Line: line}
}

// parse reads all statements.
func (p *parser) parse() error {
	if p.long > 0 {
		return fmt.Errorf("line %d: longer than %d bytes", p.long, maxLine)
	}
	for {
		if err := p.skip(); err != nil {
			return fmt.Errorf("line %d: %w", p.line, err)
		}
		if p.isAtEnd() {
			break
		}
		at := p.line
		err := p.limit.Items(1)
		if err == nil {
			err = p.readStatement()
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", at, err)
		}
	}
	if p.depth != 0 {
		return fmt.Errorf("line %d: a block that does not end", p.line)
	}
	return nil
}

// readStatement reads one statement. The braces of a block are statements of their own.
func (p *parser) readStatement() error {
	switch c := p.peek(); {
	case c == '$':
		return p.readDirective()
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
	case isLetter(c):
		start, line := p.mark(), p.line
		w := strings.ToLower(p.readWord())
		if done, err := p.readKeyword(w); done || err != nil {
			return err
		}
		p.skipBlanks()
		if p.peek() == '(' && slices.Contains(objects, w) {
			return p.readObject(w, line)
		}
		p.back(start)
	}
	return p.readSelector()
}

// objects are the names of the objects of RainerScript.
var objects = strings.Fields(`global template action input module parser timezone include lookup_table
	dyn_stats perctile_stats percentile_stats ruleset main_queue property constant reload_lookup_table
	ratelimit`)

// readKeyword reads the rest of a statement that begins with the word w. It reports whether w is
// the keyword of a statement.
func (p *parser) readKeyword(w string) (bool, error) {
	switch w {
	case "if":
		err := p.skipUntil(0, "then")
		p.soon = true
		return true, err
	case "else":
		p.soon = true
		return true, nil
	case "foreach":
		err := p.skipUntil(0, "do")
		p.soon = true
		return true, err
	case "set", "unset", "reset", "call_indirect":
		p.soon = false
		return true, p.skipUntil(';')
	case "call":
		p.skipBlanks()
		p.readWord()
		p.soon = false
		return true, nil
	case "stop":
		o := Output{Position: p.place(p.line), Type: Stop, Filter: "*.*", Conditional: p.isConditional()}
		p.c.Outputs = append(p.c.Outputs, o)
		p.soon = false
		return true, nil
	case "continue":
		p.soon = false
		return true, nil
	}
	return false, nil
}

// readObject reads an object, whose parenthesis comes next.
func (p *parser) readObject(kind string, line int) error {
	if kind == "reload_lookup_table" {
		p.soon = false
		return p.skipUntil(')')
	}
	args, err := p.readParams()
	if err == nil {
		err = p.limit.Items(len(args))
	}
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
		if err := p.setGlobal(args); err != nil {
			return err
		}
	case "module":
		return p.addModule(args)
	case "include":
		if args["file"] == "" {
			return fmt.Errorf("an include without a file")
		}
		err := p.include(args["file"], args["mode"] == "optional")
		p.soon = false
		return err
	case "input":
		p.c.Inputs = append(p.c.Inputs, Input{at, strings.ToLower(args["type"]), args["address"]})
	case "action":
		if err := p.addAction(at, args); err != nil {
			return err
		}
	}
	p.soon = false
	return nil
}

// setGlobal takes the settings of an object global.
func (p *parser) setGlobal(args map[string]string) error {
	for _, name := range []string{"defaultnetstreamdriver", "umask"} {
		if _, ok := args[name]; ok && slices.Contains(p.c.globals, name) {
			return fmt.Errorf("%s: twice", name) // the first one counts
		} else if ok {
			p.c.globals = append(p.c.globals, name)
		}
	}
	if v := args["defaultnetstreamdriver"]; v != "" {
		p.c.driver = v
	}
	if v, ok := args["umask"]; ok {
		mask, err := parseMode(v)
		if err != nil {
			return fmt.Errorf("umask: %w", err)
		}
		p.c.umask = int64(mask)
	}
	return nil
}

// addModule adds the module that an object module loads.
func (p *parser) addModule(args map[string]string) (err error) {
	p.c.Modules = append(p.c.Modules, strings.ToLower(args["load"]))
	if v, ok := args["filecreatemode"]; ok && strings.EqualFold(args["load"], "builtin:omfile") {
		p.c.moduleMode, err = parseMode(v)
	}
	return err
}

// parseMode reads permission bits or a umask, four octal digits of which the first is 0. rsyslogd
// leaves what was set before where there is anything else.
func parseMode(v string) (uint32, error) {
	n, err := strconv.ParseUint(v, 8, 12)
	if err != nil || len(v) != 4 || v[0] != '0' {
		return 0, errors.New("no mode of four octal digits")
	}
	return uint32(n), nil
}

// ports are the types of inputs that receive messages from the network.
var ports = []string{"imudp", "imtcp", "imptcp", "imrelp", "imgssapi", "imhttp", "imdtls", "im3195", "imbeats"}

// addAction adds the output of an object action.
func (p *parser) addAction(at inventory.Position, args map[string]string) error {
	o := Output{
		Position:    at,
		Type:        strings.TrimPrefix(strings.ToLower(args["type"]), "builtin:"),
		Target:      args["target"],
		Filter:      p.c.lastFilter,
		Conditional: p.isConditional(),
	}
	if !p.inSelector {
		o.Filter = "*.*"
	}
	switch o.Type {
	case "":
		return fmt.Errorf("an action without a type")
	case "omfile":
		o.Target, o.Mode = args["file"], p.c.moduleMode
		if v, ok := args["filecreatemode"]; ok {
			var err error
			if o.Mode, err = parseMode(v); err != nil {
				return err
			}
		}
	case "omfwd":
		p.setForward(&o, args)
	case "omrelp":
		o.TLS, o.Auth = strings.EqualFold(args["tls"], "on"), args["tls.authmode"]
	}
	if strings.EqualFold(args["action.execonlywhenpreviousissuspended"], "on") {
		o.Conditional = true
	}
	return p.addOutput(o)
}

// senders are the types of outputs whose target is a host.
var senders = []string{"omfwd", "omrelp", "omgssapi", "omdtls", "omudpspoof"}

// addOutput adds an output. One of a type, or to a host, whose name cannot be one is an error.
func (p *parser) addOutput(o Output) error {
	switch {
	case !localhost.Valid(o.Type):
		return errors.New("the name of a module with a special character")
	case slices.Contains(senders, o.Type) && o.Target != "" && !localhost.Valid(strings.Trim(o.Target, "[]")):
		return errors.New("the name of a host with a special character")
	}
	p.c.Outputs = append(p.c.Outputs, o)
	return nil
}

// setForward sets protocol and encryption of an action omfwd. Its parameters have two forms, with
// and without a dot.
func (p *parser) setForward(o *Output, args map[string]string) {
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
	mode := args["streamdrivermode"] + args["streamdriver.mode"]
	o.TLS = o.Protocol == "tcp" && mode == "1" && isEncrypting(driver)
	o.Auth = args["streamdriverauthmode"] + args["streamdriver.authmode"]
}

// isEncrypting reports whether a driver of connections encrypts them.
func isEncrypting(driver string) bool {
	return slices.Contains([]string{"gtls", "ossl", "mbedtls"}, strings.TrimPrefix(strings.ToLower(driver), "lmnsd_"))
}
