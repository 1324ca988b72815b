package check

import (
	"encoding/json"
	"errors"

	"github.com/hardening-sdk/hardening/check/reason"
)

// Result is what a check found. Checks have it made by a [Verdict].
type Result struct {
	Status   Status
	Reason   reason.Reason // why it is no verdict
	Message  string        // one line for people
	Subjects int           // how many subjects were judged; 0 where they were not counted
	Evidence []Evidence    // what decided, in a stable order; of a Pass a sample
	Omitted  int           // how many more pieces of evidence there were
	Children []Result      // of a composed check, in the order it was composed in
	Err      error         // what went wrong; a Pass that carries one is an Error
}

// resultJSON is the form of a [Result] in JSON.
type resultJSON struct {
	Status   Status        `json:"status"`
	Reason   reason.Reason `json:"reason,omitempty"`
	Message  string        `json:"message,omitempty"`
	Subjects int           `json:"subjects,omitempty"`
	Evidence []Evidence    `json:"evidence,omitempty"`
	Omitted  int           `json:"omitted,omitempty"`
	Children []Result      `json:"children,omitempty"`
	Error    string        `json:"error,omitempty"`
}

// MarshalJSON returns an object with a member for each field. Of the error it has the text.
func (r Result) MarshalJSON() ([]byte, error) {
	x := resultJSON{r.Status, r.Reason, r.Message, r.Subjects, r.Evidence, r.Omitted, r.Children, ""}
	if err := tame(r.Err); err != nil {
		x.Error = cut(err.Error(), maxMessage)
	}
	return json.Marshal(x)
}

// UnmarshalJSON reads what MarshalJSON returns. The error has its text and is no other error.
func (r *Result) UnmarshalJSON(b []byte) error {
	var x resultJSON
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*r = Result{x.Status, x.Reason, x.Message, x.Subjects, x.Evidence, x.Omitted, x.Children, nil}
	if x.Error != "" {
		r.Err = errors.New(x.Error)
	}
	return nil
}
