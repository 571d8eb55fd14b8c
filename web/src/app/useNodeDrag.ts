import { type DragEvent, useState } from 'react';
import type { Node } from '../api/types';
import { moveNode } from '../projects/changes';
import { sayProblem } from '../shared/toasts';

/** What is being dragged: while it hovers, browsers do not say what it is. */
let dragged: Node | null = null;

/** Whether a node can be put into another one, as far as the page knows; the hub has the last word. */
export function takes(target: Node, trail: readonly string[], node: Node): boolean {
  return (target.kind === 'project' || target.kind === 'collection') && target.capabilities.includes('add') && target.id !== node.parentId && target.id !== node.id && !trail.includes(node.id);
}

/**
 * Lets a row of the tree be dragged onto another one, which moves the node there. By keyboard: Move to…, in the menu of its page.
 * @param trail what the node lies in, root first
 */
export function useNodeDrag(node: Node, trail: readonly string[]) {
  const [over, setOver] = useState(false);
  const canMove = (node.kind === 'collection' || node.kind === 'dataset') && node.parentId !== null && node.capabilities.includes('edit');
  const mayDrop = () => dragged !== null && takes(node, trail, dragged);
  return {
    draggable: canMove,
    'data-drop': over || undefined,
    onDragStart: (event: DragEvent) => {
      dragged = node;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', node.name);
    },
    onDragEnd: () => {
      dragged = null;
    },
    onDragOver: (event: DragEvent) => {
      if (!mayDrop()) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'move';
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!dragged || !mayDrop()) return;
      event.preventDefault();
      void moveNode(dragged, node).catch(sayProblem);
    },
  };
}
