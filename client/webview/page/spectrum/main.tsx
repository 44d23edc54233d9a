import { render } from 'preact';
import '../base.css';

const root = document.getElementById('root');
if (root !== null) render(<p class="muted">No model yet.</p>, root);
