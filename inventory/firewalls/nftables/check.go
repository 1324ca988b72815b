package nftables

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// checker reads one rule word by word, as nft does. What it does not know is a mistake: a rule that
// nft refuses keeps the whole file from being loaded.
type checker struct {
	st     statement
	family string   // of the table
	sets   []string // the names of sets and maps that the rule needs
	jumps  []string // the names of chains that it needs
}

// checkRule returns what nft does not take of a rule, or "".
func (c *checker) checkRule() (wrong string) {
	if len(c.st) == 0 {
		return "a rule without words"
	}
	ended := false
	for len(c.st) > 0 {
		if c.word() == "comment" {
			c.next()
			if !c.takeText() {
				return "a comment without its text"
			}
			break
		}
		if ended {
			return "more behind a verdict"
		}
		if ended, wrong = c.readPart(); wrong != "" {
			return wrong
		}
	}
	if len(c.st) > 0 {
		return "more behind a comment"
	}
	return ""
}

// word returns the next token if it is a plain word, else "".
func (c *checker) word() string { return c.st.word(0) }

// next skips a token.
func (c *checker) next() { c.st = c.st[1:] }

// take skips the next token if it is one of some words.
func (c *checker) take(words ...string) bool {
	if w := c.word(); w != "" && slices.Contains(words, w) {
		c.next()
		return true
	}
	return false
}

// takeText skips a text, in quotes or not.
func (c *checker) takeText() bool {
	if len(c.st) == 0 || c.st[0].braced || c.word() == "," {
		return false
	}
	c.next()
	return true
}

// takeNumber skips a number.
func (c *checker) takeNumber() bool {
	if _, err := strconv.ParseUint(c.word(), 0, 64); err != nil {
		return false
	}
	c.next()
	return true
}

// readPart reads a condition or statement of a rule. It reports whether it ends the rule.
func (c *checker) readPart() (ended bool, wrong string) {
	w := c.word()
	switch w {
	case "accept", "drop", "return":
		c.next()
		return true, ""
	case "continue", "notrack":
		c.next()
		return w == "continue", ""
	case "jump", "goto":
		c.next()
		return true, c.readChain()
	case "reject":
		c.next()
		return true, c.readReject()
	case "counter":
		c.next()
		return false, c.readCounter()
	case "log":
		c.next()
		return false, c.readLog()
	case "limit":
		c.next()
		return false, c.readLimit()
	case "quota":
		c.next()
		return false, c.readQuota()
	case "masquerade", "redirect", "snat", "dnat", "tproxy", "dup", "fwd":
		c.next()
		return false, c.readNAT(w)
	case "queue":
		c.next()
		return true, c.readQueue()
	case "synproxy":
		c.next()
		for c.take("mss", "wscale", "timestamp", "sack-perm", "name") || c.takeNumber() {
		}
		return true, ""
	case "add", "update", "delete":
		c.next()
		if !strings.HasPrefix(c.word(), "@") {
			return false, "not understood in a rule"
		}
		c.sets = append(c.sets, c.word()[1:])
		c.next()
		return false, c.readDynamic()
	case "meter":
		c.next()
		if c.word() == "" {
			return false, "a meter without a name"
		}
		c.next()
		if c.take("size") && !c.takeNumber() {
			return false, "a size that is no number"
		}
		return false, c.readDynamic()
	case "flow":
		c.next()
		if !c.take("add", "offload") || !strings.HasPrefix(c.word(), "@") {
			return false, "not understood in a rule"
		}
		c.sets = append(c.sets, c.word()[1:])
		c.next()
		return false, ""
	case "ct":
		if w := c.st.word(1); w == "count" || w == "helper" && c.st.word(2) == "set" || w == "timeout" || w == "expectation" {
			c.st = c.st[2:]
			return false, c.readConnections(w)
		}
	case "tcp":
		if c.st.word(1) == "option" {
			c.st = c.st[2:]
			return false, c.readOption()
		}
	}
	return false, c.readMatch()
}

// readChain reads the name of a chain, or one without a name in braces.
func (c *checker) readChain() string {
	if len(c.st) == 0 {
		return "a jump without a chain"
	}
	if !c.st[0].braced {
		c.jumps = append(c.jumps, c.st[0].text)
	} else {
		for _, st := range c.st[0].block {
			inner := checker{st: st, family: c.family}
			if wrong := inner.checkRule(); wrong != "" {
				return wrong
			}
			c.sets, c.jumps = append(c.sets, inner.sets...), append(c.jumps, inner.jumps...)
		}
	}
	c.next()
	return ""
}

func (c *checker) readReject() string {
	if !c.take("with") {
		return ""
	}
	if c.take("tcp") {
		if !c.take("reset") {
			return "reject with something that is not understood"
		}
		return ""
	}
	if !c.take("icmp", "icmpv6", "icmpx") {
		return "reject with something that is not understood"
	}
	c.take("type")
	if !c.take("net-unreachable", "host-unreachable", "prot-unreachable", "port-unreachable", "net-prohibited",
		"host-prohibited", "admin-prohibited", "no-route", "addr-unreachable", "policy-fail", "reject-route") &&
		!c.takeNumber() {
		return "reject with something that is not understood"
	}
	return ""
}

func (c *checker) readCounter() string {
	if c.take("name") {
		if !c.takeText() {
			return "a counter without its name"
		}
		return ""
	}
	if c.take("packets") && (!c.takeNumber() || !c.take("bytes") || !c.takeNumber()) {
		return "a counter without its numbers"
	}
	return ""
}

func (c *checker) readLog() string {
	for {
		ok := true
		switch {
		case c.take("prefix"):
			ok = c.takeText()
		case c.take("level"):
			if ok = levels[c.word()]; ok {
				c.next()
			}
		case c.take("group", "snaplen", "queue-threshold"):
			ok = c.takeNumber()
		case c.take("flags"):
			ok = c.readFlags()
		default:
			return ""
		}
		if !ok {
			return "a log in a form that is not understood"
		}
	}
}

// readFlags reads the flags of log: all, and lists such as "tcp sequence,options".
func (c *checker) readFlags() bool {
	switch {
	case c.take("all", "skuid", "ether"):
		return true
	case c.take("ip"):
		return c.take("options")
	case c.take("tcp"):
		for c.take("sequence", "options") {
			if !c.take(",") {
				return true
			}
		}
	}
	return false
}

func (c *checker) readLimit() string {
	const wrong = "a limit in a form that is not understood"
	if c.take("name") {
		if !c.takeText() {
			return wrong
		}
		return ""
	}
	if !c.take("rate") {
		return wrong
	}
	c.take("over", "until")
	if !c.takeRate() {
		return wrong
	}
	if c.take("burst") {
		if !c.takeNumber() || !c.take("packets", "bytes", "kbytes", "mbytes") {
			return wrong
		}
	}
	return ""
}

// takeRate skips a rate such as "10/second" or "1 mbytes/second".
func (c *checker) takeRate() bool {
	var text strings.Builder
	for range 5 {
		w := c.word()
		if w == "" {
			break
		}
		text.WriteString(w + " ")
		c.next()
		number, unit, ok := strings.Cut(strings.ReplaceAll(text.String(), " ", ""), "/")
		if !ok || unit == "" {
			continue
		}
		number = strings.TrimRight(number, "kmbytes")
		_, err := strconv.ParseUint(number, 10, 64)
		return err == nil && units[unit]
	}
	return false
}

func (c *checker) readQuota() string {
	if c.take("name") {
		c.takeText()
		return ""
	}
	c.take("over", "until")
	if !c.takeNumber() || !sizes[c.word()] {
		return "a quota in a form that is not understood"
	}
	c.next()
	if c.take("used") && (!c.takeNumber() || !c.takeText()) {
		return "a quota in a form that is not understood"
	}
	return ""
}

// readNAT reads what follows snat, dnat, masquerade and redirect.
func (c *checker) readNAT(what string) string {
	if _, n := c.subject(); n == 0 && !c.take("ip", "ip6") && c.family == "inet" && (what == "snat" || what == "dnat") && !strings.HasPrefix(c.st.word(1), ":") {
		return "a translation of a family that is not known"
	}
	c.take("prefix")
	_, n := c.subject()
	if c.take("to") || n > 0 {
		if wrong := c.readTarget(); wrong != "" {
			return wrong
		}
		if c.take(":") {
			if wrong := c.readTarget(); wrong != "" {
				return wrong
			}
		}
	}
	for c.take("random", "fully-random", "persistent") {
		c.take(",")
	}
	return ""
}

// readTarget reads an address or port of a translation, or a map that has it.
func (c *checker) readTarget() string {
	if _, n := c.subject(); n > 0 {
		if wrong := c.readSubjects(); wrong != "" {
			return wrong
		}
		return c.readMap("map", "")
	}
	if len(c.st) == 0 || c.word() == "," {
		return "a translation to nowhere"
	}
	return c.readPlainValues("")
}

func (c *checker) readQueue() string {
	if c.take("to") || c.take("num") {
		if len(c.st) == 0 {
			return "a queue without its number"
		}
		c.next()
	}
	c.take("flags")
	for c.take("bypass", "fanout", "num") {
		c.take(",")
		c.takeNumber()
	}
	return ""
}

// readDynamic reads the block of a meter, or of what is added to a set.
func (c *checker) readDynamic() string {
	if len(c.st) == 0 || !c.st[0].braced || len(c.st[0].block) != 1 {
		return "a set without what is added"
	}
	inner := checker{st: c.st[0].block[0], family: c.family}
	c.next()
	if wrong := inner.readSubjects(); wrong != "" {
		return wrong
	}
	for inner.take("timeout", "expires") {
		if !inner.takeText() {
			return "a time that is missing"
		}
	}
	for len(inner.st) > 0 {
		if inner.take(":") {
			continue
		}
		if _, wrong := inner.readPart(); wrong != "" {
			return wrong
		}
	}
	c.sets, c.jumps = append(c.sets, inner.sets...), append(c.jumps, inner.jumps...)
	return ""
}

// readConnections reads what follows "ct count", "ct helper", "ct timeout" and "ct expectation".
func (c *checker) readConnections(what string) string {
	if what == "count" {
		c.take("over")
		if !c.takeNumber() {
			return "a number of connections that is missing"
		}
		return ""
	}
	if !c.take("set") {
		return "not understood in a rule"
	}
	return c.readAssigned()
}

// readOption reads what follows "tcp option".
func (c *checker) readOption() string {
	if !c.take("eol", "nop", "maxseg", "window", "sack-perm", "sack", "sack0", "sack1", "sack2", "sack3", "timestamp",
		"fastopen", "mptcp", "md5sig") && !c.takeNumber() {
		return "an option that is not known"
	}
	if c.take("exists", "missing") {
		return ""
	}
	if !c.take("size", "length", "kind", "count", "left", "right", "tsval", "tsecr", "subtype") {
		return "an option that is not known"
	}
	if c.take("set") {
		if c.take("rt") {
			c.take("ip", "ip6")
			if !c.take("mtu") {
				return "a value that is not understood"
			}
			return ""
		}
		return c.readPlainValues("")
	}
	return c.readComparison("tcp option")
}

// readMatch reads a condition: subjects, an operator and values.
func (c *checker) readMatch() string {
	key, _ := c.subject()
	if wrong := c.readSubjects(); wrong != "" {
		return wrong
	}
	switch c.word() {
	case "vmap":
		return c.readMap("vmap", key)
	case "set":
		c.next()
		return c.readAssigned()
	}
	return c.readComparison(key)
}

// ofFib are the words before what fib returns.
var ofFib = set(". saddr daddr mark iif oif")

// subject returns the subject that comes next, such as "tcp dport", and how many words it has.
func (c *checker) subject() (key string, n int) {
	w := c.word()
	switch {
	case bare[w]:
		return w, 1
	case strings.HasPrefix(w, "@") && c.st.word(1) == ",": // raw payload: @nh,0,8
		return w, 5
	case w == "fib":
		for n = 1; n < len(c.st) && ofFib[c.st.word(n)]; n++ {
			if c.st.word(n+1) != "." && c.st.word(n) != "." {
				n++
				break
			}
		}
		if slices.Contains([]string{"type", "oif", "oifname", "check"}, c.st.word(n)) {
			return "fib " + c.st.word(n), n + 1
		}
		return "", 0
	case w == "ct" && (c.st.word(1) == "original" || c.st.word(1) == "reply"):
		if f := c.st.word(2); f == "ip" || f == "ip6" {
			return "ct " + c.st.word(3), 4
		}
		return "ct " + c.st.word(2), 3
	case w == "arp" && (c.st.word(1) == "saddr" || c.st.word(1) == "daddr"):
		return "arp " + c.st.word(2), 3
	case w == "rt" && (c.st.word(1) == "ip" || c.st.word(1) == "ip6"):
		return "rt " + c.st.word(2), 3
	case w == "numgen" && (c.st.word(1) == "inc" || c.st.word(1) == "random") && c.st.word(2) == "mod":
		n = 4
		if c.st.word(n) == "offset" {
			n += 2
		}
		return w, n
	case w == "exthdr":
		return w, 2
	case w == "socket" && c.st.word(1) == "cgroupv2":
		return w, 4
	case fieldsOf[w][c.st.word(1)]:
		return w + " " + c.st.word(1), 2
	}
	return "", 0
}

// readSubjects reads subjects joined by dots, and what is computed of them.
func (c *checker) readSubjects() string {
	for {
		_, n := c.subject()
		if n == 0 || n > len(c.st) {
			return "a condition or statement that is not understood"
		}
		if w := c.word(); c.family == "ip" && (w == "ip6" || w == "icmpv6") || c.family == "ip6" && (w == "ip" || w == "icmp") {
			return "a condition of another family than the table"
		}
		c.st = c.st[n:]
		for c.take("&", "|", "^", "and", "or", "xor", "<<", ">>") {
			if !c.takeGroup() {
				return "a value that is missing"
			}
		}
		if !c.take(".") {
			return ""
		}
	}
}

// takeGroup skips a value, or values in parentheses.
func (c *checker) takeGroup() bool {
	open := 0
	for len(c.st) > 0 && !c.st[0].braced {
		text := c.st[0].text
		open += strings.Count(text, "(") - strings.Count(text, ")")
		c.next()
		if open <= 0 {
			return open == 0
		}
	}
	return false
}

// readAssigned reads the value of a statement such as "meta mark set".
func (c *checker) readAssigned() string {
	if _, n := c.subject(); n > 0 {
		if wrong := c.readSubjects(); wrong != "" {
			return wrong
		}
		if c.word() == "map" {
			return c.readMap("map", "")
		}
		return ""
	}
	if wrong := c.readPlainValues(""); wrong != "" {
		return wrong
	}
	for c.take("&", "|", "^", "and", "or", "xor") {
		if !c.takeGroup() {
			return "a value that is missing"
		}
	}
	return ""
}

// readMap reads a map behind the word for it: one with a name, or its elements.
func (c *checker) readMap(word, key string) string {
	if !c.take(word) || len(c.st) == 0 {
		return "a map that is missing"
	}
	t := c.st[0]
	c.next()
	if !t.braced {
		if t.quoted || !strings.HasPrefix(t.text, "@") {
			return "a map that is missing"
		}
		c.sets = append(c.sets, t.text[1:])
		return ""
	}
	elements, wrong := elementsOf(t)
	if wrong != "" {
		return wrong
	}
	for _, e := range elements {
		i := slices.IndexFunc(e, func(t token) bool { return t.text == ":" && !t.quoted })
		if i <= 0 || i+1 == len(e) {
			return "an element of a map without its value"
		}
		if wrong := checkElement(e[:i], key, false); wrong != "" {
			return wrong
		}
		if word != "vmap" {
			continue
		}
		inner := checker{st: e[i+1:], family: c.family}
		if ended, wrong := inner.readPart(); wrong != "" || !ended || len(inner.st) > 0 && inner.word() != "comment" {
			return "an element of a map without a verdict"
		}
		c.jumps = append(c.jumps, inner.jumps...)
	}
	return ""
}

// elementsOf returns the elements of a set in braces, of which there has to be one.
func elementsOf(t token) ([]statement, string) {
	all := splitElements(t)
	if len(all) == 0 {
		return nil, "a set without elements"
	}
	if len(all[0]) == 0 { // further commas without an element are taken
		return nil, "an element that is missing"
	}
	var flat []statement
	for _, e := range all {
		switch {
		case len(e) == 0:
		case len(e) == 1 && e[0].braced: // a set in a set, as variables make it
			inner, wrong := elementsOf(e[0])
			if wrong != "" {
				return nil, wrong
			}
			flat = append(flat, inner...)
		default:
			flat = append(flat, e)
		}
	}
	return flat, ""
}

// readComparison reads an operator, if there is one, and values.
func (c *checker) readComparison(key string) string {
	c.take("==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge", "!")
	if len(c.st) == 0 {
		return "a condition without a value"
	}
	t := c.st[0]
	if t.braced {
		c.next()
		elements, wrong := elementsOf(t)
		for _, e := range elements {
			if wrong == "" {
				wrong = checkElement(e, key, false)
			}
		}
		return wrong
	}
	if !t.quoted && strings.HasPrefix(t.text, "@") {
		c.sets = append(c.sets, t.text[1:])
		c.next()
		return ""
	}
	return c.readPlainValues(key)
}

// lists are the subjects whose values are bits, which alone may be a list.
var lists = set("state status label event flags")

// readPlainValues reads a value, and further ones that commas, dots, dashes or bars join to it.
func (c *checker) readPlainValues(key string) string {
	for {
		if len(c.st) == 0 || c.st[0].braced {
			return "a condition without a value"
		}
		if wrong := checkValue(c.st[0], key); wrong != "" {
			return wrong
		}
		open := !c.st[0].quoted && strings.Count(c.st[0].text, "(") > strings.Count(c.st[0].text, ")")
		c.next()
		switch w := c.word(); {
		case w == "," && (key == "" || isBits(key)), w == "-", w == ".", w == "/", w == "|", open && w != "":
			if w != "," && w != "-" && w != "." && w != "/" && w != "|" {
				continue
			}
			if w == "." {
				key = "" // the next value is one of another subject
			}
			c.next()
		default:
			return ""
		}
	}
}

// isBits reports whether the values of a subject are bits.
func isBits(key string) bool { return lists[key[strings.LastIndexByte(key, ' ')+1:]] }

// checkElement returns what nft does not take of an element of a set, or "". Behind its key it may
// have a value and options.
func checkElement(e statement, key string, options bool) string {
	c := checker{st: e}
	if c.word() == "*" && len(e) == 1 {
		return ""
	}
	if slices.ContainsFunc(e, func(t token) bool { return t.text == "." && !t.quoted }) {
		key = ""
	}
	if wrong := c.readPlainValues(key); wrong != "" {
		return wrong
	}
	if !options {
		if c.take("comment") && c.takeText() || len(c.st) == 0 {
			return ""
		}
		return "an element in a form that is not understood"
	}
	for len(c.st) > 0 {
		ok := true
		switch {
		case c.take("timeout", "expires", "comment"):
			ok = c.takeText()
		case c.take("counter"):
			ok = c.readCounter() == ""
		case c.take("limit"):
			ok = c.readLimit() == ""
		case c.take(":"):
			ok = len(c.st) > 0
			if verdicts[c.word()] != "" || c.word() == "continue" {
				_, wrong := c.readPart()
				ok = wrong == ""
			} else if ok {
				ok = c.readPlainValues("") == ""
			}
		default:
			ok = false
		}
		if !ok {
			return "an element in a form that is not understood"
		}
	}
	return ""
}

// checkValue returns what is wrong with the value of a subject, or "".
func checkValue(t token, key string) string {
	text := strings.Trim(t.text, "()")
	if text == "" || t.text == "," || !t.quoted && strings.ContainsAny(text, "=<>!") {
		return "a value that is missing"
	}
	if !t.quoted && reserved[text] && !valuesOf[key][text] {
		return "a condition without a value"
	}
	switch key {
	case "ip saddr", "ip daddr":
		return checkAddresses(text, false)
	case "ip6 saddr", "ip6 daddr":
		return checkAddresses(text, true)
	case "tcp dport", "udp dport", "th dport", "tcp sport", "udp sport", "th sport", "sctp dport", "sctp sport":
		return checkPorts(text)
	}
	known := valuesOf[key]
	if known == nil && numeric[key[strings.LastIndexByte(key, ' ')+1:]] && !isNumber(text) {
		return fmt.Sprintf("a value of %s that is no number", key)
	}
	if known == nil {
		return ""
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '|' || r == '-' && isNumber(text) }) {
		if !known[part] && !isNumber(part) {
			return fmt.Sprintf("a value of %s that is not known", key)
		}
	}
	return ""
}

// isNumber reports whether a text is a number or a range of numbers.
func isNumber(s string) bool {
	first, last, isRange := strings.Cut(s, "-")
	_, err1 := strconv.ParseUint(first, 0, 64)
	_, err2 := strconv.ParseUint(last, 0, 64)
	return err1 == nil && (!isRange || err2 == nil)
}

// checkAddresses returns what is wrong with an address, a network or a range, or "". A name is
// wrong but for localhost: what it stands for when the system boots is not known.
func checkAddresses(text string, six bool) string {
	const wrong = "an address that is not understood"
	if text == "localhost" {
		return ""
	}
	isAddress := func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is6() == six
	}
	if host, mask, ok := strings.Cut(text, "/"); ok && !six && strings.Contains(mask, ".") {
		text = host
		if !isAddress(mask) {
			return wrong
		}
	}
	if p, err := netip.ParsePrefix(text); err == nil && p.Addr().Is6() == six || isAddress(text) {
		return ""
	}
	first, last, ok := strings.Cut(text, "-")
	if ok && isAddress(first) && isAddress(last) {
		return ""
	}
	return wrong
}

// checkPorts returns what is wrong with a port, a range of them or the name of a service, or "".
func checkPorts(text string) string {
	parts := []string{text}
	if first, last, ok := strings.Cut(text, "-"); ok && strings.Trim(text, "0123456789-") == "" {
		parts = []string{first, last}
	}
	for _, p := range parts {
		n, err := strconv.ParseUint(p, 0, 64)
		if strings.Trim(p, "0123456789") == "" && (err != nil || n > 65535) {
			return "a port that is out of range"
		}
	}
	return ""
}
