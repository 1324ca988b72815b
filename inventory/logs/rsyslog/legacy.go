package rsyslog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// directive reads a line "$Name value".
func (p *parser) directive() error {
	at := p.line
	p.next()
	name := strings.ToLower(p.word())
	value := p.restOfLine()
	if i := strings.IndexByte(value, '#'); i > 0 && blank(value[i-1]) {
		value = strings.TrimSpace(value[:i])
	}
	l := &p.c.legacy
	switch name {
	case "includeconfig":
		return p.include(value, false)
	case "modload":
		p.c.Modules = append(p.c.Modules, strings.TrimSuffix(strings.ToLower(value), ".so"))
	case "filecreatemode":
		l.mode = octal(value)
	case "umask":
		p.c.umask = mask(value)
	case "defaultnetstreamdriver":
		p.c.driver = value
	case "actionsendstreamdriver":
		l.driver = value
	case "actionsendstreamdrivermode":
		l.tls = value == "1"
	case "actionsendstreamdriverauthmode":
		l.auth = value
	case "udpserveraddress":
		l.address = value
	case "resetconfigvariables":
		l.mode, l.driver, l.tls, l.auth, l.address = 0o644, "", false, "", ""
	case "udpserverrun":
		p.c.Inputs = append(p.c.Inputs, Input{p.place(at), "imudp", l.address})
	default:
		if t, ok := servers[name]; ok {
			p.c.Inputs = append(p.c.Inputs, Input{p.place(at), t, ""})
		}
	}
	return nil
}

// servers are the lines that open a port, and the inputs of them.
var servers = map[string]string{"inputtcpserverrun": "imtcp", "inputptcpserverrun": "imptcp", "inputrelpserverrun": "imrelp",
	"inputgssserverrun": "imgssapi", "inputgssserverpermitplaintcp": "imgssapi", "input3195listenport": "im3195"}

// selector reads a filter of the old form and the action after it.
func (p *parser) selector() error {
	sure, filter := true, ""
	switch c := p.peek(); {
	case p.soon:
		return p.legacyAction("", false)
	case c == '&':
		p.next()
		filter, sure = p.c.lastFilter, p.c.lastSure
	case c == ':':
		sure = false
		if err := p.propertyFilter(); err != nil {
			return err
		}
	case strings.IndexByte("/@?|^>~", c) >= 0 && p.depth > 0:
		sure = false // an action in a block
	case c == '-' && p.depth > 0 && p.i+1 < len(p.b) && p.b[p.i+1] == '/':
		sure = false
	case c == '!' || c == '+' || c == '-':
		return errors.New("a block by program or host, which is not understood")
	default:
		start := p.i
		for !p.end() && !blank(p.peek()) && p.peek() != '\n' {
			p.next()
		}
		filter = string(p.b[start:p.i])
		if !strings.Contains(filter, ".") {
			return errors.New("neither a selector nor a statement")
		}
	}
	p.c.lastFilter, p.c.lastSure = filter, sure
	p.skipBlanks()
	return p.legacyAction(filter, sure)
}

// propertyFilter passes over ":property, operation, "value"".
func (p *parser) propertyFilter() error {
	for !p.end() && p.peek() != '\n' {
		if p.peek() == '"' {
			_, err := p.quoted()
			return err
		}
		p.next()
	}
	return errors.New("a filter of a property without a value")
}

// legacyAction reads what stands behind a filter: an action of either form, or a block.
func (p *parser) legacyAction(filter string, sure bool) error {
	if p.peek() == '{' {
		p.soon = false
		return p.statement()
	}
	start, at := p.mark(), p.line
	if w := strings.ToLower(p.word()); w == "action" || w == "stop" || w == "call" || w == "continue" {
		p.skipBlanks()
		if w != "action" {
			n := len(p.c.Outputs)
			_, err := p.keyword(w)
			for i := range p.c.Outputs[n:] { // it stands behind the filter
				o := &p.c.Outputs[n+i]
				o.Filter, o.Conditional = filter, o.Conditional || !sure
			}
			return err
		}
		if p.peek() == '(' {
			soon := p.soon
			p.soon, p.inSelector = soon || !sure, true
			err := p.object(w, at)
			p.inSelector = false
			return err
		}
	}
	p.back(start)
	p.skipBlanks()
	text := p.restOfLine()
	if i := strings.Index(text, " #"); i >= 0 {
		text = strings.TrimSpace(text[:i])
	}
	if text == "" {
		return errors.New("a selector without an action")
	}
	o := Output{Place: p.place(at), Filter: filter, Conditional: p.conditional() || !sure}
	p.soon = false
	if err := p.destination(&o, text); err != nil {
		return err
	}
	if o.Type != "" {
		p.c.Outputs = append(p.c.Outputs, o)
	}
	return nil
}

// destination reads an action of the old form.
func (p *parser) destination(o *Output, text string) error {
	l := p.c.legacy
	switch text = strings.TrimPrefix(text, "-"); {
	case strings.HasPrefix(text, "@"):
		o.Type, o.Protocol = "omfwd", "udp"
		host := text[1:]
		if rest, ok := strings.CutPrefix(host, "@"); ok {
			driver := l.driver
			if driver == "" {
				driver = p.c.driver
			}
			o.Protocol, host = "tcp", rest
			o.TLS, o.Auth = l.tls && secure(driver), l.auth
		}
		if strings.HasPrefix(host, "(") {
			_, host, _ = strings.Cut(host, ")")
		}
		o.Target = hostOf(host)
		if o.Target == "" {
			return errors.New("a host without a name")
		}
	case strings.HasPrefix(text, "/"):
		o.Type, o.Mode = "omfile", l.mode
		o.Target, _, _ = strings.Cut(text, ";")
	case strings.HasPrefix(text, "?"):
		o.Type, o.Mode = "omfile", l.mode
	case strings.HasPrefix(text, ":"):
		module, rest, ok := strings.Cut(text[1:], ":")
		if !ok {
			return errors.New("a module without its parameters")
		}
		o.Type, o.Target = strings.ToLower(module), hostOf(rest)
		if o.Type == "omfile" {
			o.Target, o.Mode = rest, l.mode
		}
	case strings.HasPrefix(text, ">"):
		o.Type = "ommysql"
	case strings.HasPrefix(text, "|"):
		o.Type = "ompipe"
	case strings.HasPrefix(text, "^"):
		o.Type = "omshell"
	case text == "~":
		o.Type = Stop
	case strings.IndexFunc(text, func(r rune) bool {
		return !(r == '*' || r == ',' || r == '_' || r == '-' || r == '.' || r == ' ' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z')
	}) < 0:
		o.Type = "omusrmsg"
	default:
		return fmt.Errorf("an action that is not understood")
	}
	return nil
}

// hostOf cuts port and template from a host.
func hostOf(s string) string {
	s, _, _ = strings.Cut(s, ";")
	if strings.HasPrefix(s, "[") {
		host, _, _ := strings.Cut(s[1:], "]")
		return host
	}
	host, _, _ := strings.Cut(s, ":")
	return strings.TrimSpace(host)
}

// Network reports whether the input takes messages from the network.
func (i Input) Network() bool { return slices.Contains(ports, i.Type) }
