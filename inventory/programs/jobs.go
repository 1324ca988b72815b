package programs

import (
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/cron"
)

// Job returns what a job of root runs, and the file that says so. Home is the folder of its user.
func (f *Follower) Job(j cron.Job, home string) (Found, error) {
	f.begin()
	if j.Source != "" && !j.Script {
		f.use(j.Position, j.Source, "says what is run")
	}
	st := newState(j.Position, home)
	if j.Script {
		f.use(j.Position, j.Command, "run")
		f.found.Commands = append(f.found.Commands, Command{Program: j.Command})
		f.program(st, "/"+j.Command, nil, true)
		return f.end()
	}
	st.args = []string{"sh"}
	if j.Shell != "" {
		f.file(st, j.Shell, "run")
	}
	for _, v := range j.Variables {
		f.assign(st, v.Name, []string{v.Value})
		switch v.Name {
		case "HOME":
			st.dir = v.Value
		case "PATH":
			st.paths = st.paths[:1:1]
		}
	}
	// What stands behind a percent sign is the input of the command, crontab(5).
	command := cutInput(j.Command)
	f.text(st, command)
	for _, name := range j.Programs() {
		if filetree.ValidName(path.Clean(name)) && f.look(name) != nothing {
			f.use(j.Position, name, "named")
		}
	}
	return f.end()
}

// cutInput returns a command without its input, and with the percent signs that were escaped.
func cutInput(command string) string {
	var b strings.Builder
	for i := 0; i < len(command); i++ {
		switch {
		case command[i] == '%':
			return b.String()
		case command[i] == '\\' && i+1 < len(command) && command[i+1] == '%':
			i++
		}
		b.WriteByte(command[i])
	}
	return b.String()
}
