package rsyslog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// readDirective reads a line "$Name value".
func (p *parser) readDirective() (err error) {
	at := p.line
	p.next()
	name := strings.ToLower(p.readWord())
	if c := p.peek(); strings.Contains(name, ":") || !p.isAtEnd() && !isBlank(c) && c != '\n' {
		return errors.New("a directive whose name does not end at a blank")
	}
	value := cutComment(p.readRestOfLine())
	if name == "includeconfig" {
		if words := strings.Fields(value); len(words) > 0 {
			value = words[0] // rsyslogd complains about the others, and reads the files
		}
		return p.include(value, false)
	}
	if _, ok := servers[name]; (ok || slices.Contains(single, name)) && !isWord(value) {
		return fmt.Errorf("$%s: not one word", name)
	}
	l := &p.c.legacy
	switch name {
	case "modload":
		p.c.Modules = append(p.c.Modules, strings.TrimSuffix(strings.ToLower(value), ".so"))
	case "filecreatemode":
		l.mode, err = parseMode(value)
	case "umask":
		var mask uint32
		mask, err = parseMode(value)
		p.c.umask = int64(mask)
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
	return err
}

// single are the directives that are read and have one word.
var single = strings.Fields(`modload filecreatemode umask defaultnetstreamdriver actionsendstreamdriver
	actionsendstreamdrivermode actionsendstreamdriverauthmode udpserveraddress udpserverrun`)

// isWord reports whether a text is one word of ASCII without quotes.
func isWord(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' || r == '\'' }) < 0
}

// cutComment cuts off a comment, whose sign stands behind a blank and not behind a tab.
func cutComment(s string) string {
	s, _, _ = strings.Cut(s, " #")
	return strings.TrimRight(s, " \t")
}

// servers are the directives that open a port, with the types of their inputs.
var servers = map[string]string{
	"inputtcpserverrun": "imtcp", "inputptcpserverrun": "imptcp", "inputrelpserverrun": "imrelp",
	"inputgssserverrun": "imgssapi", "inputgssserverpermitplaintcp": "imgssapi", "input3195listenport": "im3195",
}

// readSelector reads a filter of the old form and the action after it.
func (p *parser) readSelector() error {
	sure, filter := true, ""
	switch c := p.peek(); {
	case p.soon:
		return p.readLegacyAction("", false)
	case c == '&': // the same filter as before
		p.next()
		filter, sure = p.c.lastFilter, p.c.lastSure
	case c == ':':
		sure = false
		if err := p.skipPropertyFilter(); err != nil {
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
		for !p.isAtEnd() && !isBlank(p.peek()) && p.peek() != '\n' {
			p.next()
		}
		filter = string(p.b[start:p.i])
		if !isSelector(filter) {
			return errors.New("neither a selector nor a statement")
		}
	}
	p.c.lastFilter, p.c.lastSure = filter, sure
	p.skipBlanks()
	return p.readLegacyAction(filter, sure)
}

// isSelector reports whether a text is a selector of rsyslog.conf(5), of names and numbers that
// rsyslogd knows. It ignores the parts of others.
func isSelector(s string) bool {
	for part := range strings.SplitSeq(strings.ToLower(s), ";") {
		places, level, ok := strings.Cut(part, ".")
		if !ok || !slices.Contains(levels, strings.TrimPrefix(strings.TrimPrefix(level, "!"), "=")) {
			return false
		}
		for place := range strings.SplitSeq(places, ",") {
			if !slices.Contains(facilities, place) {
				return false
			}
		}
	}
	return true
}

var (
	facilities = strings.Fields(`* auth authpriv cron daemon kern lpr mail mark news security syslog user uucp ftp
		local0 local1 local2 local3 local4 local5 local6 local7`)
	levels = strings.Fields(`* alert crit debug emerg err error info none notice panic warn warning
		0 1 2 3 4 5 6 7`)
)

// skipPropertyFilter skips ":property, operation, "value"".
func (p *parser) skipPropertyFilter() error {
	for !p.isAtEnd() && p.peek() != '\n' {
		if p.peek() == '"' {
			_, err := p.readQuoted()
			return err
		}
		p.next()
	}
	return errors.New("a filter of a property without a value")
}

// readLegacyAction reads the action behind a filter, which has either form, or the block behind it.
// sure says that the filter is a selector, so that the action is not conditional because of it.
func (p *parser) readLegacyAction(filter string, sure bool) error {
	if p.peek() == '{' {
		p.soon = false
		return p.readStatement()
	}
	start, at := p.mark(), p.line
	if done, err := p.readScriptAction(filter, sure); done {
		return err
	}
	p.back(start)
	p.skipBlanks()
	text := cutComment(p.readRestOfLine())
	if text == "" {
		return errors.New("a selector without an action")
	}
	o := Output{Position: p.place(at), Filter: filter, Conditional: p.isConditional() || !sure}
	p.soon = false
	if err := p.setDestination(&o, text); err != nil {
		return err
	}
	if o.Type != "" {
		return p.addOutput(o)
	}
	return nil
}

// readScriptAction reads an action of RainerScript behind a filter. It reports false if there is
// none; then the position has to be set back.
func (p *parser) readScriptAction(filter string, sure bool) (bool, error) {
	at := p.line
	switch w := strings.ToLower(p.readWord()); w {
	case "stop", "call", "continue":
		p.skipBlanks()
		n := len(p.c.Outputs)
		_, err := p.readKeyword(w)
		for i := range p.c.Outputs[n:] {
			o := &p.c.Outputs[n+i]
			o.Filter, o.Conditional = filter, o.Conditional || !sure
		}
		return true, err
	case "action":
		p.skipBlanks()
		if p.peek() == '(' {
			soon := p.soon
			p.soon, p.inSelector = soon || !sure, true
			err := p.readObject(w, at)
			p.inSelector = false
			return true, err
		}
	}
	return false, nil
}

// setDestination sets an output by an action of the old form.
func (p *parser) setDestination(o *Output, text string) error {
	l := p.c.legacy
	switch text = strings.TrimPrefix(text, "-"); {
	case strings.HasPrefix(text, "@"):
		return p.setHost(o, text[1:])
	case strings.HasPrefix(text, "/"):
		o.Type, o.Mode = "omfile", l.mode
		return setTarget(&o.Target, text)
	case strings.HasPrefix(text, "?"):
		o.Type, o.Mode = "omfile", l.mode
	case strings.HasPrefix(text, ":"):
		module, rest, ok := strings.Cut(text[1:], ":")
		if !ok {
			return errors.New("a module without its parameters")
		}
		o.Type, o.Target = strings.ToLower(module), trimHost(rest)
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
	case strings.IndexFunc(text, isNotOfUser) < 0:
		o.Type = "omusrmsg"
	default:
		return fmt.Errorf("an action that is not understood")
	}
	return nil
}

// setTarget sets a file or a host from what stands before the name of a template.
func setTarget(to *string, text string) error {
	text, _, _ = strings.Cut(text, ";")
	*to = strings.TrimRight(text, " \t")
	if strings.ContainsFunc(*to, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return errors.New("a blank or a special character in the name of the file or the host")
	}
	return nil
}

// isNotOfUser reports whether a character may not be part of a list of users.
func isNotOfUser(r rune) bool {
	return !(strings.ContainsRune("*,_-. ", r) || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z')
}

// setHost sets an output by the host behind the first "@". A second "@" means TCP.
func (p *parser) setHost(o *Output, host string) error {
	l := p.c.legacy
	o.Type, o.Protocol = "omfwd", "udp"
	if rest, ok := strings.CutPrefix(host, "@"); ok {
		driver := l.driver
		if driver == "" {
			driver = p.c.driver
		}
		o.Protocol, host = "tcp", rest
		o.TLS, o.Auth = l.tls && isEncrypting(driver), l.auth
	}
	// Options may stand in parentheses before the host.
	if strings.HasPrefix(host, "(") {
		_, host, _ = strings.Cut(host, ")")
	}
	if err := setTarget(&host, host); err != nil {
		return err
	}
	o.Target = trimHost(host)
	if o.Target == "" {
		return errors.New("a host without a name")
	}
	return nil
}

// trimHost cuts the port and the template off a host.
func trimHost(s string) string {
	s, _, _ = strings.Cut(s, ";")
	if strings.HasPrefix(s, "[") {
		host, _, _ := strings.Cut(s[1:], "]")
		return host
	}
	host, _, _ := strings.Cut(s, ":")
	return strings.TrimSpace(host)
}

// Network reports whether the input receives messages from the network.
func (i Input) Network() bool { return slices.Contains(ports, i.Type) }
