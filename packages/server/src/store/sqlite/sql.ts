import { sqlFiles } from '../sql-files.ts';

/** The SQL of the embedded store. */
export const { text: sqlText, migrations } = sqlFiles('sqlite');
