"""The rules of time: `calendar` counts it, `deadlines` sets the end of a limit and explains it in the words of
`wording`, `clocks` says what happens on the way. `opening` and `statutory` know when a calendar is open."""
