"""Papers of a whole street: its workbook, the leader's page before the meeting, the notice to hang up."""
